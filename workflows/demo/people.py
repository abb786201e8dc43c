"""The demo's unions, firms and people: who sits where, and whom a visitor can sign in as."""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import count
from typing import TYPE_CHECKING, NamedTuple

from stdnum.cn import uscc

from models.vocabulary import Role, Tier
from workflows.demo import words
from workflows.people.accounts import open_with_hash
from workflows.people.organizations import enrol
from workflows.record.acting import SYSTEM, Actor, actor_of

if TYPE_CHECKING:
    from collections.abc import Iterator
    from random import Random

    from workflows.demo.words import County, Trade

# Public on purpose: the sign-in page shows it. Hashed once and for all, so that one seed gives
# the same rows everywhere; a test keeps it in step with today's costs.
PASSWORD = "zhejiang-demo"  # noqa: S105 -- no secret
PASSWORD_HASH = "$argon2id$v=19$m=19456,t=2,p=1$c2hlbmJhbyBkZW1vIC4uLg$raliwISTRzysLQy6aNKHhe6/DM1C3JQn03I9VCVhmVA"  # noqa: S105 -- no secret
DOMAIN = "zj.example.cn"


class Unit(NamedTuple):
    """A firm that applies, and the address of its clerk."""

    code: str
    name: str
    county: str
    city: str
    industry: str | None
    trade: Trade
    clerk: str


class Person(NamedTuple):
    """Somebody a visitor can sign in as, and what there is to try."""

    email: str
    name: str
    role: str
    organization: str
    what: str


@dataclass
class World:
    """Everybody of the story: firms by county, officers by desk, clerks by address."""

    admin: Actor = SYSTEM
    units: dict[str, list[Unit]] = field(default_factory=dict)
    officers: dict[str, Actor] = field(default_factory=dict)
    clerks: dict[str, Actor] = field(default_factory=dict)

    def take(self, units: list[Unit]) -> None:
        """Know these firms."""
        for unit in units:
            self.units.setdefault(unit.county, []).append(unit)

    def of(self, *counties: str, industry: str | None = None) -> list[Unit]:
        """The firms of these counties, one of each county after the other."""
        lists = [self.units[code] for code in counties or tuple(self.units)]
        longest = max(map(len, lists))
        mixed = [units[i] for i in range(longest) for units in lists if i < len(units)]
        return [u for u in mixed if industry in (None, u.industry)]

    @property
    def desks(self) -> list[str]:
        """The unions below the province that take part."""
        return [code for code in self.officers if code != words.PROVINCE]


def named(dice: Random) -> str:
    """A name as many people bear it, so that it is nobody's."""
    return dice.choice(words.SURNAMES) + dice.choice(words.GIVEN)


def planned(dice: Random) -> list[Unit]:
    """The 120 firms, two of each county on an industry line."""
    numbers, brands = count(1), _brands(dice)
    return [
        _unit(dice, county, place, next(numbers), next(brands))
        for county in words.COUNTIES
        for place in range(county.firms)
    ]


def people() -> list[Person]:
    """Whom the sign-in page offers."""
    rows = (
        ("applicant", "陈云", "申报单位经办人", words.XIHU, "有一份草稿待提交，一份被退回待修改"),
        ("holder", "沈立新", "称号单位经办人", words.YINZHOU, "持有省级工作室称号，年度考核报告待报送"),
        ("county", "傅春梅", "县级审核人", words.XIHU, "西湖区总工会：待审件满满一列，部分已超期，可排序上报"),
        ("city", "曹建国", "市级审核人", words.HANGZHOU, "杭州市总工会：下级批次待受理，一份异议待调查"),
        ("industry", "吕思远", "产业工会审核人", words.SCHOOLS, "省产业工会：与市级并行的审核"),
        ("province", "董明辉", "省级审核人", words.PROVINCE, "省总工会：公示进行中，异议待处理，年度考核待定级"),
        ("admin", "许永康", "省级管理员", words.PROVINCE, "名额、批次、超期督办、信件与日志"),
    )  # fmt: skip
    return [Person(f"{who}@{DOMAIN}", *rest) for who, *rest in rows]


def open_unions(world: World, dice: Random, units: list[Unit]) -> None:
    """Enrol the two industry unions, and seat an officer in every union that takes part."""
    for code, name in words.INDUSTRIES.items():
        enrol(SYSTEM, code=code, name=name, parent=words.PROVINCE, tier=Tier.INDUSTRY)
    offered = {person.email: person for person in people()}
    seats = {f"{who}@{DOMAIN}": offered[f"{who}@{DOMAIN}"] for who in ("county", "city", "industry", "province")}
    for person in seats.values():
        world.officers[person.organization] = _seated(person.email, person.name, person.organization, Role.REVIEWER)
    cities = dict.fromkeys(unit.city for unit in units)
    for code in (*cities, *(county.code for county in words.COUNTIES), *words.INDUSTRIES):
        if code not in world.officers:
            email = f"u{code}@{DOMAIN}".lower()
            world.officers[code] = _seated(email, named(dice), code, Role.REVIEWER)
    admin = offered[f"admin@{DOMAIN}"]
    world.admin = _seated(admin.email, admin.name, words.PROVINCE, Role.ADMINISTRATOR)


def open_units(world: World, dice: Random, units: list[Unit]) -> None:
    """Enrol the firms, each with a clerk."""
    offered = {person.email: person.name for person in people()}
    for unit in units:
        enrol(world.admin, code=unit.code, name=unit.name, parent=unit.county, industry=unit.industry,
              non_public=unit.code[-2] not in "0369")  # fmt: skip
        name = offered.get(unit.clerk) or named(dice)
        world.clerks[unit.clerk] = _seated(unit.clerk, name, unit.code, Role.CLERK)


def _seated(email: str, name: str, code: str, role: Role) -> Actor:
    open_with_hash(SYSTEM, PASSWORD_HASH, email=email, name=name, organization_code=code, role=role)
    return actor_of(email)


def _brands(dice: Random) -> Iterator[str]:
    pairs = [a + b for a in words.BRAND_FIRST for b in words.BRAND_SECOND]
    dice.shuffle(pairs)
    return iter(pairs)


def _unit(dice: Random, county: County, place: int, number: int, brand: str) -> Unit:
    industry = {1: words.SCHOOLS, 2: words.ENERGY}.get(place)
    trade = dice.choice(words.INDUSTRY_TRADES[industry] if industry else words.TRADES)
    company = "" if industry == words.SCHOOLS else words.COMPANY
    clerks = {(words.XIHU, 0): "applicant", (words.YINZHOU, 0): "holder"}
    clerk = clerks.get((county.code, place), f"c{number:03d}")
    return Unit(
        credit_code(county.code, number), f"{county.word}{brand}{trade.firm}{company}", county.code,
        f"{county.code[:4]}00", industry, trade, f"{clerk}@{DOMAIN}",
    )  # fmt: skip


def credit_code(place: str, number: int) -> str:
    """A valid unified credit code that no register has given: its unit's number is all but zero."""
    body = f"91{place}{number:09d}"
    return body + str(uscc.calc_check_digit(body))
