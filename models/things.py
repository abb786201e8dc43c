"""Which table keeps what the journal tells of."""

from __future__ import annotations

from typing import Any

from models.account import Account
from models.application import Application
from models.notice import Notice, Objection
from models.panel import Expert, Meeting, Panel
from models.round import Round
from models.slate import Slate
from models.subsidy import Subsidy
from models.title import Assessment, Title
from models.vocabulary import Thing

MODELS: dict[Thing, Any] = {
    Thing.APPLICATION: Application,
    Thing.SLATE: Slate,
    Thing.NOTICE: Notice,
    Thing.OBJECTION: Objection,
    Thing.TITLE: Title,
    Thing.ASSESSMENT: Assessment,
    Thing.ROUND: Round,
    Thing.ACCOUNT: Account,
    Thing.SUBSIDY: Subsidy,
    Thing.EXPERT: Expert,
    Thing.PANEL: Panel,
    Thing.MEETING: Meeting,
}
