"""The demo's applications: who applies with what, and the desks each will climb."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from stdnum.cn import ric

from models.vocabulary import Line
from workflows.demo import words
from workflows.demo.people import named

if TYPE_CHECKING:
    from random import Random

    from workflows.demo.people import Unit

# There is no such place, so that no identity number of the demo is anybody's.
_NOWHERE = "339999"
_OLDEST, _BIRTHDAYS = date(1966, 1, 1), 365 * 26


@dataclass
class Case:
    """One application of the story; `id` is known once it is drafted."""

    unit: Unit
    line: Line
    answers: dict[str, Any]
    id: str = ""

    @property
    def desks(self) -> tuple[str, ...]:
        """The unions on its way up."""
        if self.line is Line.INDUSTRY and self.unit.industry:
            return self.unit.industry, words.PROVINCE
        return self.unit.county, self.unit.city, words.PROVINCE


class Casebook:
    """Makes applications, each with a leader who stands in no other."""

    def __init__(self, dice: Random) -> None:
        self._dice = dice
        self._names: set[str] = set()
        self._number = 0

    def cases(self, units: list[Unit], number: int, today: date, line: Line = Line.REGION) -> list[Case]:
        """So many applications of these units in turn, as they read on a day."""
        return [Case(unit, line, self._answers(unit, today)) for unit in (units[i % len(units)] for i in range(number))]

    def _answers(self, unit: Unit, today: date) -> dict[str, Any]:
        dice, leader = self._dice, self._leader()
        honour = dice.choice(list(words.HONOURS))
        topics = unit.trade.topics[: dice.randint(1, 2)]
        results, training = self._moulds()
        return {
            "studio_name": f"{leader}{words.HONOURS[honour]}创新工作室",
            "leader_name": leader,
            "leader_id": self._identity(),
            "leader_honour": honour,
            "founded_on": (today - timedelta(days=dice.randint(500, 4000))).isoformat(),
            "team_size": dice.randint(5, 28),
            "topics": "；".join(f"{i}.{topic}（{today.year}年立项）" for i, topic in enumerate(topics, start=1)),
            "results": results.format(
                topics=dice.randint(2, 9), patents=dice.randint(1, 12), methods=dice.randint(1, 4),
                benefit=unit.trade.benefit, gain=dice.randint(6, 90) * 10, others=dice.randint(2, 9),
            ),
            "training": training.format(pairs=dice.randint(3, 15), risen=dice.randint(1, 6),
                                        people=dice.randint(40, 400)),
        }  # fmt: skip

    def _moulds(self) -> tuple[str, str]:
        """The sentences about results and training: no two of thirty applications in a row have both in common."""
        turn, n = divmod(self._number, len(words.RESULTS))
        return words.RESULTS[n], words.TRAINING[turn % len(words.TRAINING)]

    def _leader(self) -> str:
        while (name := named(self._dice)) in self._names:
            pass
        self._names.add(name)
        return name

    def _identity(self) -> str:
        born = _OLDEST + timedelta(days=self._dice.randrange(_BIRTHDAYS))
        self._number += 1
        body = f"{_NOWHERE}{born:%Y%m%d}{self._number % 1000:03d}"
        return body + str(ric.calc_check_digit(body + "0"))
