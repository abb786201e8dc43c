"""The world of a rehearsal, made through the verbs: unions, people, enterprises, programme, round."""

from __future__ import annotations

import difflib
from typing import TYPE_CHECKING, Any

from stdnum.cn import uscc

from models.errors import InputError
from models.programme import parse, read, shipped
from models.vocabulary import Channel, ImportKind, Role, Rung
from workflows import programmes, rounds
from workflows.importing import load_import
from workflows.importing.columns import COLUMNS
from workflows.linting.writing import as_toml
from workflows.people import accounts, organizations
from workflows.record.acting import SYSTEM, actor_of
from workflows.rehearsing.answers import identity
from workflows.rehearsing.setting import Earlier, Enterprises, NewUnion, Person, Places
from workflows.rehearsing.stage import SECOND, Stage
from workflows.rules.calendar import local_date

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from contextlib import AbstractContextManager
    from datetime import datetime
    from pathlib import Path

    from models.programme import Programme
    from models.round import Round
    from workflows.linting.writing import as_toml
from workflows.rehearsing.script import Script

UNIONS = {"nation": "000000", "province": "330000", "city": "330100", "county": "330106"}
ADMINISTRATOR = "admin"
# An overridden programme is another version of it, far from any that an office publishes.
_OWN_VERSION = 1000
_KEYS = ("desk", "name", "clause", "grade")
_DIVISION = 6
# Who decides a programme of the last rung, unless the script says.
_DECIDERS = {
    Rung.ENTERPRISE: "enterprise1",
    Rung.COUNTY: "county",
    Rung.CITY: "city",
    Rung.JOINT: "joint",
    Rung.NATION: "nation",
}


def build(script: Script, folder: Path, pretend: Callable[[datetime], AbstractContextManager[None]]) -> Stage:
    """Make a script's world on the connected, empty database, at the moment its round opens."""
    window = script.world.round
    stage = Stage(window.opens, pretend, folder, programme(script, folder))
    with pretend(stage.now):
        organizations.seed()
        programmes.publish(SYSTEM, stage.rules)
        _unions(stage, script)
        unions = list(stage.saved)
        _enterprises(stage, script.world.enterprises)
        _people(stage, script, unions)
        for number, title in enumerate(script.world.titles, start=1):
            _earlier(stage, number, title)
        stage.saved["round"] = _round(stage, script)
        _quotas(stage, script.world.quotas)
    stage.now += SECOND
    return stage


def programme(script: Script, folder: Path) -> Programme:
    """The programme, shipped or in a file beside the script, with the script's changes.

    With changes it is a version of its own.
    """
    window = script.world.round
    known = read(folder / window.programme) if window.programme.endswith(".toml") else shipped(window.programme)
    changes = dict(script.programme)
    if window.cap is not None and window.cap != known.approval.cap:
        changes["approval"] = {"cap": window.cap, **changes.get("approval", {})}
    if not changes:
        return known
    content = _merged(known.model_dump(mode="json"), changes, "programme")
    return parse({**content, "version": changes.get("version", known.version + _OWN_VERSION)})


def next_text(rules: Programme, changes: Mapping[str, Any]) -> str:
    """The text of a programme with changes, merged as under `[programme]`, to be published by a verb."""
    return as_toml(parse(_merged(rules.model_dump(mode="json"), changes, "changes")))


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
    if (joint := stage.rules.joint) is not None:
        stage.saved["joint"] = joint.organization


def _people(stage: Stage, script: Script, unions: list[str]) -> None:
    """Every union named has a reviewer of the same name; the deciding one's administrator is `admin`.

    The members of a joint meeting that nobody named have reviewers by their codes.
    """
    usual = {name: Person(at=name) for name in unions}
    known = {str(stage.saved[name]) for name in unions}
    members = stage.rules.joint.members if stage.rules.joint else ()
    usual |= {code: Person(at=code) for code in members if code not in known}
    usual[ADMINISTRATOR] = Person(at=_decider(stage, script), role=Role.ADMINISTRATOR)
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
            organizations.enrol(SYSTEM, code=code, name=f"第{number}企业", parent=parent, industry=industry,
                                non_public=group.non_public, direct=group.direct)  # fmt: skip
            stage.saved[f"enterprise{number}"] = code
            for name, called, role in _seats(stage.rules):
                _seat(stage, f"{name}{number}", called.format(number), code, role)


def _seats(rules: Programme) -> list[tuple[str, str, Role]]:
    """Who sits in every enterprise: a clerk; a worker and the union's reviewer where the programme asks for them."""
    seats = [("clerk", "第{}企业工会", Role.CLERK)]
    if Channel.SELF in rules.entry.channels:
        seats.append(("worker", "第{}企业职工", Role.WORKER))
    if any(step.desk is Rung.ENTERPRISE for step in rules.ladder):
        seats.append(("enterprise", "第{}企业工会审核员", Role.REVIEWER))
    return seats


def _earlier(stage: Stage, number: int, title: Earlier) -> None:
    """A title named before, brought in as an office brings in its old lists."""
    known = shipped(title.programme)
    programmes.publish(SYSTEM, known)
    held = title.named_on
    line = (known.code, title.number or f"旧{number:04d}", f"旧{known.name.zh}{number}",
            _code(stage, title.enterprise), f"职工{title.leader}", identity(title.leader), held.isoformat(),
            f"旧文〔{held.year}〕1号", "")  # fmt: skip
    text = "\n".join(",".join(cells) for cells in ((c.key for c in COLUMNS[ImportKind.TITLES]), line))
    load_import(SYSTEM, kind=ImportKind.TITLES, organization_code=_named_by(stage, known, title),
                filename="旧称号.csv", content=text.encode())  # fmt: skip


def _named_by(stage: Stage, known: Programme, title: Earlier) -> str:
    """The code of the union that named an earlier title: on the enterprise's rung, the holder's own."""
    if known.joint is not None:
        return known.joint.organization
    last = known.ladder[-1].desk
    usual = title.enterprise if last is Rung.ENTERPRISE else _DECIDERS.get(last, "province")
    return _code(stage, title.decider or usual)


def _seat(stage: Stage, name: str, called: str, code: str, role: Role) -> None:
    email = f"{name}@rehearsal.example.cn"
    accounts.open_account(SYSTEM, email=email, name=called, organization_code=code, role=role)
    stage.people[name] = actor_of(email)


def _round(stage: Stage, script: Script) -> Round:
    window = script.world.round
    return rounds.plan_round(
        stage.person(ADMINISTRATOR),
        programme=stage.rules.id,
        organization_code=_code(stage, _decider(stage, script)),
        year=window.year or local_date(window.opens).year,
        opens_at=window.opens,
        closes_at=window.closes,
        ends_at=window.ends,
        reason=window.reason,
    )


def _decider(stage: Stage, script: Script) -> str:
    """The short name of the union whose round it is."""
    window = script.world.round
    return window.decider or window.province or _DECIDERS.get(stage.rules.ladder[-1].desk, "province")


def _quotas(stage: Stage, quotas: Mapping[str, int | Places | list[Places]]) -> None:
    for name, given in quotas.items():
        for quota in given if isinstance(given, list) else [given]:
            held = Places(places=quota) if isinstance(quota, int) else quota
            rounds.issue(
                stage.person(ADMINISTRATOR), round_id=stage.saved["round"].id, organization_code=_code(stage, name),
                places=held.places, kind=held.kind, minimum=held.minimum, pool=held.pool,
            )  # fmt: skip


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
