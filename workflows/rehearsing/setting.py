"""What a script may say of its world: the round, the unions, the people, what was named before."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, time, timedelta
from typing import Annotated, Any
from zoneinfo import ZoneInfo

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from models.vocabulary import QuotaKind, Role, Tier

BEIJING = ZoneInfo("Asia/Shanghai")
_MOMENT = re.compile(r"\d{4}-\d\d-\d\d( ([01]\d|2[0-3]):[0-5]\d)?")
_MOST = 1000


def moment(value: Any) -> datetime:
    """A moment as the script writes it, in Beijing: `2026-03-03 09:00`, or a day's first minute."""
    if isinstance(value, datetime):
        return (value if value.tzinfo else value.replace(tzinfo=BEIJING)).astimezone(UTC)
    if isinstance(value, date):
        return datetime.combine(value, time(), BEIJING).astimezone(UTC)
    text = str(value).strip()
    if not _MOMENT.fullmatch(text):
        raise ValueError(text)
    return datetime.fromisoformat(text).replace(tzinfo=BEIJING).astimezone(UTC)


def closing(value: Any) -> datetime:
    """A closing moment: a bare day counts to its end."""
    is_day = isinstance(value, date) and not isinstance(value, datetime)
    whole = is_day or len(str(value).strip()) == len("2026-03-31")
    return moment(value) + timedelta(days=1) if whole else moment(value)


Moment = Annotated[datetime, BeforeValidator(moment)]
Closing = Annotated[datetime, BeforeValidator(closing)]


class Strict(BaseModel):
    """A misspelt key must not be a line that is silently not played."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Window(Strict):
    """The round that the world opens with; filing is open from `opens` to the end of `closes`.

    `programme`: a code of the catalogue, or a TOML file beside the script. `decider` (or `province`):
    the union whose round it is; without it the one of the ladder's last rung. `closes` may be left
    out of a rolling programme's. `reason`: why it closes sooner than the programme's lead time.
    """

    programme: str = "provincial-studio"
    decider: str | None = None
    province: str | None = None
    year: int | None = None
    opens: Moment
    closes: Closing | None = None
    ends: Closing | None = None
    cap: int | None = Field(default=None, gt=0)
    reason: str = ""


class NewUnion(Strict):
    """A union that the division codes do not hold, such as an industry union."""

    code: str
    name: str
    tier: Tier
    parent: str = "province"


class Person(Strict):
    """Somebody with a seat: as what, and where."""

    role: Role = Role.REVIEWER
    at: str
    name: str = ""


class Enterprises(Strict):
    """Some enterprises, each with a clerk; `direct` ones are groups that may report straight upward."""

    count: int = Field(default=1, gt=0, le=_MOST)
    below: str = "county"
    industry: str | None = None
    non_public: bool = False
    direct: bool = False


class Places(Strict):
    """A union's places in the round, or in one of the programme's pools; of its usual kind unless said."""

    places: int
    kind: QuotaKind | None = None
    minimum: int = 0
    pool: str = ""


class Earlier(Strict):
    """A title named before the round: of which programme, by whom, when; its number if it matters.

    The holder is `enterprise` and its leader is the one of the application filed as number `leader`;
    `decider`: as of a round, by the programme's last rung unless said.
    """

    programme: str
    enterprise: str = "enterprise1"
    leader: int = Field(default=1, gt=0, le=_MOST)
    named_on: date
    decider: str | None = None
    number: str = ""


class World(Strict):
    """Who and what there is before the first step."""

    round: Window
    unions: dict[str, str | NewUnion] = {}
    people: dict[str, Person] = {}
    enterprises: int | list[Enterprises] = 1
    quotas: dict[str, int | Places | list[Places]] = {}
    titles: list[Earlier] = []
