"""The world of a rehearsal, made through the verbs: unions, people, enterprises, programme, round."""

from __future__ import annotations

import difflib
from typing import TYPE_CHECKING, Any

from stdnum.cn import uscc

from models.errors import InputError
from models.programme import parse, shipped
from models.vocabulary import Role
from workflows import accounts, organizations, programmes, rounds
from workflows.acting import SYSTEM, actor_of
from workflows.rehearsing.script import Enterprises, NewUnion, Person, Places
from workflows.rehearsing.stage import SECOND, Stage
from workflows.rules.calendar import local_date

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from contextlib import AbstractContextManager
    from datetime import datetime
    from pathlib import Path

    from models.programme import Programme
    from models.round import Round
    from workflows.rehearsing.script import Script

UNIONS = {"nation": "000000", "province": "330000", "city": "330100", "county": "330106"}
ADMINISTRATOR = "admin"
# An overridden programme is another version of it, far from any that an office publishes.
_OWN_VERSION = 1000
_KEYS = ("desk", "name", "clause", "grade")
_DIVISION = 6


def build(script: Script, folder: Path, pretend: Callable[[datetime], AbstractContextManager[None]]) -> Stage:
    """Make a script's world on the connected, empty database, at the moment its round opens."""
    window = script.world.round
    stage = Stage(window.opens, pretend, folder, programme(script))
    with pretend(stage.now):
        organizations.seed()
        _unions(stage, script)
        _people(stage, script)
        _enterprises(stage, script.world.enterprises)
        programmes.publish(SYSTEM, stage.rules)
        stage.saved["round"] = _round(stage, script)
        _quotas(stage, script.world.quotas)
    stage.now += SECOND
    return stage


def programme(script: Script) -> Programme:
    """The shipped programme with the script's changes, as a version of its own if there are any."""
    window = script.world.round
    known = shipped(window.programme)
    changes = dict(script.programme)
    if window.cap is not None and window.cap != known.approval.cap:
        changes["approval"] = {"cap": window.cap, **changes.get("approval", {})}
    if not changes:
        return known
    content = _merged(known.model_dump(mode="json"), changes, "programme")
    return parse({**content, "version": changes.get("version", known.version + _OWN_VERSION)})


def _merged(known: Any, changes: Any, where: str) -> Any:
    """Tables are merged key by key; of a list, a table changes the items it names, a list all of it."""
    if not isinstance(changes, dict):
        return changes
    if isinstance(known, list):
        return _merged_items(known, changes, where)
    if not isinstance(known, dict):
        return changes
    merged = {key: _merged(known.get(key), value, f"{where}.{key}") for key, value in changes.items()}
    return {**known, **merged}


def _merged_items(known: list[Any], changes: Mapping[str, Any], where: str) -> list[Any]:
    names = [next((item[key] for key in _KEYS if key in item), "") for item in known]
    if unknown := sorted(set(changes) - set(names)):
        near = difflib.get_close_matches(unknown[0], names, n=1)
        raise InputError(
            "rehearsal_key",
            key=f"{where}.{unknown[0]}",
            near=near[0] if near else None,
            known=names,
        )
    return [_merged(item, changes.get(name, {}), f"{where}.{name}") for item, name in zip(known, names, strict=True)]


def _unions(stage: Stage, script: Script) -> None:
    stage.saved |= UNIONS
    for name, union in script.world.unions.items():
        if isinstance(union, NewUnion):
            made = organizations.enrol(
                SYSTEM,
                code=union.code,
                name=union.name,
                parent=_code(stage, union.parent),
                tier=union.tier,
            )
            stage.saved[name] = made.code
        else:
            stage.saved[name] = union


def _people(stage: Stage, script: Script) -> None:
    """Every union named has a reviewer of the same name; the province's administrator is `admin`."""
    usual = {name: Person(at=name) for name in stage.saved}
    usual[ADMINISTRATOR] = Person(at=script.world.round.province, role=Role.ADMINISTRATOR)
    for name, person in {**usual, **script.world.people}.items():
        _seat(stage, name, person.name or name, _code(stage, person.at), person.role)


def _enterprises(stage: Stage, given: int | list[Enterprises]) -> None:
    groups = [Enterprises(count=given)] if isinstance(given, int) else given
    number = 0
    for group in groups:
        parent = _code(stage, group.below)
        industry = _code(stage, group.industry) if group.industry else None
        for _ in range(group.count):
            number += 1
            code = credit_code(parent, number)
            organizations.enrol(SYSTEM, code=code, name=f"第{number}企业", parent=parent, industry=industry)
            stage.saved[f"enterprise{number}"] = code
            _seat(stage, f"clerk{number}", f"第{number}企业工会", code, Role.CLERK)


def _seat(stage: Stage, name: str, called: str, code: str, role: Role) -> None:
    email = f"{name}@rehearsal.example.cn"
    accounts.open_account(SYSTEM, email=email, name=called, organization_code=code, role=role)
    stage.people[name] = actor_of(email)


def _round(stage: Stage, script: Script) -> Round:
    window = script.world.round
    return rounds.plan_round(
        stage.person(ADMINISTRATOR),
        programme=stage.rules.id,
        organization_code=_code(stage, window.province),
        year=window.year or local_date(window.opens).year,
        opens_at=window.opens,
        closes_at=window.closes,
        ends_at=window.ends,
    )


def _quotas(stage: Stage, quotas: Mapping[str, int | Places]) -> None:
    for name, given in quotas.items():
        quota = Places(places=given) if isinstance(given, int) else given
        rounds.issue(
            stage.person(ADMINISTRATOR),
            round_id=stage.saved["round"].id,
            organization_code=_code(stage, name),
            places=quota.places,
            kind=quota.kind,
            minimum=quota.minimum,
        )


def _code(stage: Stage, name: str) -> str:
    """The code of a union by its name in the script; a code is its own name."""
    if name in stage.saved:
        return str(stage.saved[name])
    if name.isdigit():
        return name
    raise InputError("rehearsal_union", given=name, known=sorted(stage.saved))


def credit_code(parent: str, number: int) -> str:
    """A unified social credit code (GB 32100) that passes its check, for an enterprise that is none."""
    division = parent if parent.isdigit() and len(parent) == _DIVISION else UNIONS["province"]
    base = f"91{division}{number:09d}"
    return base + str(uscc.calc_check_digit(base))
