"""Who must not judge whom, as far as the record tells (domain: 7.7): by unit, alliance, kin, filings."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, NamedTuple

from models.vocabulary import Recusal

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping


class Judge(NamedTuple):
    """What may stand between an expert and a case. Persons are hashed keys, units are codes.

    `units`: where they work or sit, with the enterprise over each; `partners` and `partner_leaders`: with whom they
    filed in this round or the last three years.
    """

    id: str
    account_id: str
    person_key: str | None = None
    units: frozenset[str] = frozenset()
    alliances: frozenset[str] = frozenset()
    kin: frozenset[str] = frozenset()
    partners: frozenset[str] = frozenset()
    partner_leaders: frozenset[str] = frozenset()


class Case(NamedTuple):
    """Whose a case is. `units`: the applicant's unit, with the enterprise over it."""

    id: str
    organization: str
    applicant_id: str
    leader_key: str | None = None
    units: frozenset[str] = frozenset()


def conflicts(judges: Iterable[Judge], cases: Iterable[Case]) -> dict[tuple[str, str], Recusal]:
    """Which expert must not judge which case, and why: `(expert, case) -> rule`. All others may.

    Of several rules the first in the order of `Recusal` is told.
    """
    known = list(cases)
    by_applicant = _index((case.applicant_id, case.id) for case in known)
    by_leader = _index((case.leader_key, case.id) for case in known if case.leader_key)
    by_family = _index((unit, case.id) for case in known for unit in case.units | {case.organization})
    by_unit = _index((case.organization, case.id) for case in known)
    found: dict[tuple[str, str], Recusal] = {}
    for judge in judges:
        mine = {judge.person_key} if judge.person_key else set()
        for rule, index, keys in (
            (Recusal.OWN_FILING, by_applicant, {judge.account_id}),
            (Recusal.OWN_FILING, by_leader, mine),
            (Recusal.SAME_UNIT, by_family, judge.units),
            (Recusal.SAME_ALLIANCE, by_unit, judge.alliances),
            (Recusal.KIN, by_leader, judge.kin),
            (Recusal.CO_APPLICANT, by_unit, judge.partners),
            (Recusal.CO_APPLICANT, by_leader, judge.partner_leaders),
        ):
            for key in keys:
                for case_id in index.get(key, ()):
                    found.setdefault((judge.id, case_id), rule)
    return found


def _index(pairs: Iterable[tuple[str, str]]) -> Mapping[str, list[str]]:
    made: dict[str, list[str]] = defaultdict(list)
    for key, case_id in pairs:
        made[key].append(case_id)
    return made
