"""The query language: words into a tree of what is asked, or the place where they cannot be read."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from models.errors import InputError
from models.search import folded
from workflows.rules import search_terms
from workflows.rules.search_nodes import All, Asked, Node, Not, Some, Text
from workflows.rules.search_terms import WIDE

if TYPE_CHECKING:
    from collections.abc import Iterator

    from workflows.rules.search_values import Today

LONGEST, DEEPEST = 500, 20
_ENDS = '()"|'
_ASKS_FOR_MORE = re.compile(r"[:<>=≤≥,]$")
_OR, _NOT, _AND = ("OR", "或", "|"), ("NOT", "非", "-"), ("AND", "且")


def parse(words: str, today: Today) -> Asked:
    """What words ask for; relative days count from `today`. Empty words ask for everything.

    Raises InputError with `at`, the place in the words counted from 1, and what is known there.
    """
    if len(words) > LONGEST:
        raise InputError("search_long", field="words", length=len(words), most=LONGEST)
    return _Reader(list(_tokens(words.translate(WIDE))), today).read()


class _Token(NamedTuple):
    text: str
    at: int
    is_quoted: bool = False


def _tokens(words: str) -> Iterator[_Token]:
    at = 0
    while at < len(words):
        if words[at].isspace():
            at += 1
        elif words[at] == '"':
            end = _closing(words, at)
            yield _Token(words[at + 1 : end], at + 1, is_quoted=True)
            at = end + 1
        elif words[at] in "()|-":
            yield _Token(words[at], at + 1)
            at += 1
        else:
            end = _end(words, at)
            yield _Token(words[at:end].replace('"', ""), at + 1)
            at = end


def _closing(words: str, at: int) -> int:
    end = words.find('"', at + 1)
    if end < 0:
        raise InputError("search_quote", field="words", position=at + 1)
    return end


def _end(words: str, at: int) -> int:
    """Where a word ends; a value may stand in quotation marks."""
    end = at
    while end < len(words) and not words[end].isspace() and words[end] not in _ENDS:
        end += 1
        if end < len(words) and words[end] == '"' and _ASKS_FOR_MORE.search(words[at:end]):
            end = _closing(words, end) + 1
    return end


class _Reader:
    """Reads tokens from left to right, once."""

    def __init__(self, tokens: list[_Token], today: Today) -> None:
        self.tokens = tokens
        self.today = today
        self.next = 0
        self.depth = 0
        self.order: tuple[str, bool] | None = None

    def read(self) -> Asked:
        """Everything there is."""
        found = self._any() if self.tokens else All(())
        if (left := self._peek()) is not None:
            raise InputError("search_bracket", field="words", position=left.at)
        return Asked(found, *(self.order or (None, False)))

    def _peek(self) -> _Token | None:
        return self.tokens[self.next] if self.next < len(self.tokens) else None

    def _is(self, *words: str) -> bool:
        token = self._peek()
        return token is not None and not token.is_quoted and token.text in words

    def _any(self) -> Node:
        begins, parts = [self._place()], [self._all()]
        while self._is(*_OR):
            self.next += 1
            begins.append(self._place())
            parts.append(self._all())
        if len(parts) > 1 and All(()) in parts:
            raise InputError("search_dangling", field="words", position=begins[parts.index(All(()))])
        return parts[0] if len(parts) == 1 else Some(tuple(parts))

    def _all(self) -> Node:
        parts: list[Node] = []
        read = 0
        while self._peek() is not None and not self._is(*_OR, ")"):
            read += 1
            if self._is(*_AND):
                self.next += 1
            elif (part := self._one()) is not None:
                parts.append(part)
        if not read:
            raise InputError("search_dangling", field="words", position=self._place())
        return parts[0] if len(parts) == 1 else All(tuple(parts))

    def _place(self) -> int:
        """Where something is missing: before the next token, or after the last."""
        if (token := self._peek()) is not None:
            return token.at
        return self.tokens[-1].at + len(self.tokens[-1].text)

    def _one(self) -> Node | None:
        is_not = False
        while self._is(*_NOT):
            self.next += 1
            is_not = not is_not
        token = self._peek()
        if token is None or self._is(*_OR, *_AND, ")"):
            raise InputError("search_dangling", field="words", position=self._place())
        self.next += 1
        is_opening = token.text == "(" and not token.is_quoted
        found = self._inside(token) if is_opening else self._term(token, is_not=is_not)
        return Not(found) if is_not and found is not None else found

    def _inside(self, opening: _Token) -> Node:
        self.depth += 1
        if self.depth > DEEPEST:
            raise InputError("search_deep", field="words", position=opening.at, most=DEEPEST)
        found = self._any()
        if not self._is(")"):
            raise InputError("search_bracket", field="words", position=opening.at)
        self.next += 1
        self.depth -= 1
        return found

    def _term(self, token: _Token, *, is_not: bool) -> Node | None:
        term = None if token.is_quoted else search_terms.term(token.text, token.at, self.today)
        if term is None:
            return Text(_folded(token))
        if term.field.takes != "order":
            return search_terms.node(term)
        if self.depth or is_not or self.order:
            raise InputError("search_order", field="words", position=token.at)
        self.order = search_terms.order(term)
        return None


def _folded(token: _Token) -> str:
    if not (found := folded(token.text)):
        raise InputError("search_nothing", field="words", position=token.at, given=token.text)
    return found
