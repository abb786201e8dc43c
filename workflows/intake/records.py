"""What is already on record of an applicant: titles, bars, facts, other applications, earlier words."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

import sqlalchemy as sa

from models.application import Application, Review, Revision
from models.attachment import Attachment
from models.base import table
from models.fact import Fact
from models.journal import Event
from models.organization import Organization
from models.slate import Entry
from models.sql import Sql, bind, rows_of
from models.stages import FirstList
from models.title import Title
from models.vocabulary import Act, Outcome, Thing
from workflows.batches.undone import stands
from workflows.people.organizations import NATION, organization
from workflows.rules.clauses import Happened, Held, Record

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from models.database import Store
    from models.programme import Programme

_P, _T, _R, _E, _V, _F, _EN, _A, _L, _O = (
    table(m).c for m in (Application, Title, Revision, Event, Review, Fact, Entry, Attachment, FirstList, Organization)
)
_TITLES = rows_of(
    Title,
    (_T.leader_key == bind("leader", _T.leader_key)) | (_T.organization == bind("unit", _T.organization)),
    order=(_T.named_on, _T.number),
)
_FACTS = rows_of(
    Fact,
    _F.voided_at.is_(None),
    (_F.person_key == bind("leader", _F.person_key)) | (_F.organization == bind("unit", _F.organization)),
    order=(_F.happened_on, _F.id),
)
# The same for a whole list: three reads, however long it is.
_ON_IT = sa.select(_EN.application_id).where(_EN.slate_id == bind("slate", _EN.slate_id))
_LEADERS, _HOMES = (sa.select(c).where(_P.id.in_(_ON_IT)) for c in (_P.leader_key, _P.organization))
_TITLES_ON = rows_of(Title, _T.leader_key.in_(_LEADERS) | _T.organization.in_(_HOMES), order=(_T.named_on, _T.number))
_FACTS_ON = rows_of(
    Fact,
    _F.voided_at.is_(None),
    _F.person_key.in_(_LEADERS) | _F.organization.in_(_HOMES),
    order=(_F.happened_on, _F.id),
)
_UNITS_ON = rows_of(Organization, _O.code.in_(_HOMES))
_OTHER = rows_of(
    Application,
    _P.round_id == bind("round", _P.round_id),
    _P.leader_key == bind("leader", _P.leader_key),
    _P.live,
    _P.id != bind("id", _P.id),
)
_SAME_SUBJECT = rows_of(
    Application,
    _P.round_id == bind("round", _P.round_id),
    _P.organization == bind("unit", _P.organization),
    _P.subject == bind("subject", _P.subject),
    _P.live,
    _P.id != bind("id", _P.id),
    order=(_P.id,),
)
_CHANGED: Sql[str] = Sql(
    sa.select(_R.field)
    .where(
        _R.application_id == bind("id", _R.application_id),
        _R.version
        > sa.select(sa.func.max(_E.version))
        .where(_E.thing == Thing.APPLICATION, _E.thing_id == bind("id", _R.application_id), _E.act == Act.SEND_BACK)
        .scalar_subquery(),
    )
    .distinct()
    .order_by(_R.field)
)
_RETURNS = rows_of(
    Review,
    _V.application_id == bind("id", _V.application_id),
    _V.step == bind("step", _V.step),
    _V.outcome == Outcome.RETURNED,
    stands(_V),
)
_FILES = rows_of(
    Attachment, _A.application_id == bind("of", _A.application_id), _A.removed_at.is_(None),
    order=(_A.slot, _A.id),
)  # fmt: skip
_FILES_ON = rows_of(Attachment, _A.application_id.in_(_ON_IT), _A.removed_at.is_(None), order=(_A.application_id,))
_CLEARED = rows_of(FirstList, _L.application_id == bind("of", _L.application_id), _L.cleared.is_(True))
_CLEARED_ON: Sql[str] = Sql(sa.select(_L.application_id).where(_L.application_id.in_(_ON_IT), _L.cleared.is_(True)))


class Filed(Protocol):
    """Whoever applies, as far as records know them: an application, or a question about one."""

    @property
    def organization(self) -> str:
        """The unit's code."""

    @property
    def leader_key(self) -> str | None:
        """The leader, by `rules.forms.leader_key`."""

    @property
    def subject(self) -> str:
        """What is to be named."""


class Known(NamedTuple):
    """The titles and facts of a leader and a unit, and the unit, as they were read."""

    titles: Sequence[Title]
    facts: Sequence[Fact]
    unit: Organization


def known_of(store: Store, row: Filed) -> Known:
    """What is on record of one applicant, in three reads."""
    leader, unit = row.leader_key, row.organization
    return Known(
        store.all(_TITLES, leader=leader, unit=unit), store.all(_FACTS, leader=leader, unit=unit),
        organization(store, unit),
    )  # fmt: skip


def known_on(store: Store, slate_id: str, rows: Sequence[Application]) -> dict[str, Known]:
    """What is on record of every name of a list, by application, in three reads."""
    titles, facts = store.all(_TITLES_ON, slate=slate_id), store.all(_FACTS_ON, slate=slate_id)
    units = {unit.code: unit for unit in store.all(_UNITS_ON, slate=slate_id)}
    titles_of = _by_owner((t, (t.leader_key, t.organization)) for t in titles)
    facts_of = _by_owner((f, (f.person_key, f.organization)) for f in facts)
    return {row.id: Known(_joined(titles_of, row), _joined(facts_of, row), units[row.organization]) for row in rows}


def record_of(rules: Programme, row: Filed, known: Known, year: int | None) -> Record:
    """What is on record, as a programme's clauses ask for it; `year` is the round's.

    A title of the unit is that of the very subject when it has its name: another studio of the
    same enterprise may apply. Where the unit itself is named, every title of it is its own; two
    persons of one name are told apart by their identity numbers.
    """
    return Record(
        tuple(_held(rules, row, title) for title in known.titles),
        tuple(Happened(f.kind, f.happened_on, f.until, f.document,
                       leader=row.leader_key is not None and f.person_key == row.leader_key,
                       unit=f.organization == row.organization) for f in known.facts),
        known.unit.tier.value, areas_of(known.unit), year,
    )  # fmt: skip


def areas_of(unit: Organization) -> frozenset[str]:
    """The codes of the areas and unions a unit lies in, its own among them."""
    line = (unit.code, unit.parent, unit.county, unit.city, unit.industry, unit.province, NATION)
    return frozenset(code for code in line if code)


def _held(rules: Programme, row: Filed, title: Title) -> Held:
    leader = row.leader_key is not None and title.leader_key == row.leader_key
    unit = title.organization == row.organization
    same = rules.subject in ("unit", "enterprise") or title.name == row.subject
    if rules.subject == "person" and row.leader_key and title.leader_key:
        same = leader
    return Held(title.number, title.name, title.programme_code, title.state, title.named_on, title.valid_until,
                title.barred_until, leader=leader, unit=unit, same=unit and same)  # fmt: skip


def _by_owner(rows: Iterable[tuple[Any, tuple[str | None, str | None]]]) -> dict[str, list[Any]]:
    found: dict[str, list[Any]] = defaultdict(list)
    for row, owners in rows:
        for owner in owners:
            if owner is not None:
                found[owner].append(row)
    return found


def _joined(found: dict[str, list[Any]], row: Application) -> list[Any]:
    """The rows of a leader and of a unit, each once."""
    both = [*found.get(row.leader_key or "", ()), *found.get(row.organization, ())]
    return list({one.id: one for one in both}.values())


def other_of_leader(store: Store, row: Application) -> Application | None:
    """Another live application of the same leader in the same round."""
    return store.first(_OTHER, round=row.round_id, leader=row.leader_key, id=row.id)


def other_of_subject(store: Store, row: Application) -> Application | None:
    """Another live application of the same unit for a subject of the same name in the same round."""
    if not row.subject:
        return None
    return store.first(_SAME_SUBJECT, round=row.round_id, unit=row.organization, subject=row.subject, id=row.id)


def files_of(store: Store, application_id: str) -> list[Attachment]:
    """The files that lie in an application's slots."""
    return store.all(_FILES, of=application_id)


def files_on(store: Store, slate_id: str) -> dict[str, dict[str, int]]:
    """How many files lie in each slot of every application of a list, in one read."""
    found: dict[str, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    for file in store.all(_FILES_ON, slate=slate_id):
        found[file.application_id][file.slot] += 1
    return found


def is_cleared(store: Store, application_id: str) -> bool:
    """Whether a first list with this application on it was cleared."""
    return store.first(_CLEARED, of=application_id) is not None


def cleared_on(store: Store, slate_id: str) -> set[str]:
    """The applications of a list that stood on a first list which was cleared."""
    return set(store.all(_CLEARED_ON, slate=slate_id))


def changed_since_return(store: Store, application_id: str) -> list[str]:
    """The fields changed since the application was last returned."""
    return store.all(_CHANGED, id=application_id)


def returned_fields(store: Store, application_id: str, step: int) -> set[str]:
    """The fields this tier has returned the application for before."""
    returns = store.all(_RETURNS, id=application_id, step=step)
    return {fault["field"] for review in returns for fault in review.faults}
