"""Subsidies for the tests: a programme that pays, and a stage walked as far as a test needs it."""

from datetime import timedelta
from typing import Any

import pytest

from models.database import reading, transaction
from models.programme import Subsidy as Rule
from models.subsidy import Subsidy
from models.title import Title
from models.vocabulary import Role
from tests.worlds import NOTICE_OVER, PROVINCE, World, named, person, rows
from workflows.programmes import programme_of
from workflows.purse.payments import approve_subsidy, pay, request_subsidy
from workflows.purse.spending import account_for
from workflows.record.acting import Actor
from workflows.record.claiming import look

SOURCE = {"document": "烟台市工匠孵化基地管理办法", "clause": "第十二条"}
NAMING: dict[str, Any] = {
    "stage": "first", "label": {"zh": "首期补助", "en": "first stage"}, "trigger": "naming", "yuan": 100_000,
    "uses": [{"zh": "设备", "en": "Equipment"}, {"zh": "培训", "en": "Training"}], "report_months": 12,
    "recover": True, "source": SOURCE,
}  # fmt: skip
SECOND: dict[str, Any] = {
    "stage": "second", "label": {"zh": "二期补助", "en": "second stage"}, "trigger": "anniversary", "after_months": 24,
    "yuan": 50_000, "needs_grade": True, "source": SOURCE,
}  # fmt: skip
BANDED: dict[str, Any] = {
    "stage": "acceptance", "label": {"zh": "验收补助", "en": "acceptance"}, "trigger": "band",
    "bands": {"A": 500_000, "B": 300_000, "C": 200_000},
}  # fmt: skip
ACCOUNT = {"payee": "企业0", "bank": "工商银行西湖支行", "account_number": "6222 0212 0201 3344", "receipt": "00123"}


def paying(patch: pytest.MonkeyPatch, *stages: dict[str, Any]) -> None:
    """Let the small province's programme pay these stages."""
    with transaction() as store:
        rules = programme_of(store, "provincial-studio@1")
    patch.setitem(rules.__dict__, "subsidies", tuple(Rule.model_validate(stage) for stage in stages or (NAMING,)))


def cashier() -> Actor:
    """A second reviewer of the province, who pays."""
    return person("cashier", PROVINCE, Role.REVIEWER)


def subsidy(title: Title, stage: str = "first") -> Subsidy:
    """A stage of a title as it is now."""
    [(found,)] = rows("SELECT id FROM subsidy WHERE title_id = :t AND stage = :s", t=title.id, s=stage)
    return now(found)


def now(subsidy_id: str) -> Subsidy:
    """A subsidy as it is now."""
    with reading() as store:
        return look(store, Subsidy, subsidy_id)


def requested(w: World, title: Title, n: int = 0, stage: str = "first") -> Subsidy:
    """The n-th unit has asked for the money of its title."""
    row = subsidy(title, stage)
    return request_subsidy(w.clerks[n], row.id, seen=row.version, **ACCOUNT)


def approved(w: World, title: Title, n: int = 0) -> Subsidy:
    """The province has approved what the n-th unit asked for."""
    row = requested(w, title, n)
    return approve_subsidy(w.province, row.id, seen=row.version)


def paid(w: World, title: Title, n: int = 0, by: Actor | None = None) -> Subsidy:
    """Somebody else has paid it."""
    row = approved(w, title, n)
    return pay(by or cashier(), row.id, voucher="2026-88", seen=row.version)


def reported(w: World, title: Title) -> Subsidy:
    """The first unit has accounted for 80,000 of the 100,000 yuan."""
    row = paid(w, title)
    spent = [{"use": "设备", "yuan": "80000", "words": "示波器两台"}]
    return account_for(w.clerks[0], row.id, spent=spent, seen=row.version)


def one_title(w: World, patch: pytest.MonkeyPatch, *stages: dict[str, Any]) -> Title:
    """A title named under a programme that pays; the clock stays where it was."""
    paying(patch, *stages)
    [title] = named(w)
    return title


LATER = NOTICE_OVER + timedelta(hours=3)
