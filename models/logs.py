"""Log lines: one JSON object each, of ids, codes and durations; never a name or a text that somebody typed."""

from __future__ import annotations

import logging
import re
import traceback
from typing import IO, TYPE_CHECKING, Any

import structlog
from structlog.contextvars import merge_contextvars

from models.errors import ShenbaoError

if TYPE_CHECKING:
    from structlog.typing import EventDict, WrappedLogger

OURS = ("shenbao", "ui", "workflows", "models")
DEEPEST = 12  # frames told of an error, the innermost
_LOG = logging.getLogger("shenbao")
_ID = re.compile(r"[0-9a-f]{32}")
# Their messages speak of the program, not of what it was given.
_HARMLESS = (AttributeError, NameError, ImportError)


class _Lenient(logging.StreamHandler[IO[str]]):
    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802 -- its own name
        """Nothing: the stream that failed is all there is to tell it."""


def configure(face: str, out: IO[str]) -> None:
    """Write this process's log lines to `out`; `face` (web, clocks, cli) stands in each of them.

    A line that cannot be written, on a full disk say, is lost without a word: no work may fail of it.
    Of other libraries only warnings are told, as the sentence in their source without what fills it.
    """
    handler = _Lenient(out)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=[_foreign, merge_contextvars, structlog.stdlib.add_log_level, _faced(face), _AT, _told],
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                structlog.processors.JSONRenderer(ensure_ascii=False, default=_type),
            ],
        )
    )
    logging.getLogger().handlers = [handler]
    logging.getLogger().setLevel(logging.WARNING)
    for name in OURS:
        logging.getLogger(name).setLevel(logging.INFO)
    structlog.configure(
        processors=[merge_contextvars, structlog.processors.add_log_level, _faced(face), _AT, _told,
                    structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
    )  # fmt: skip


def gather() -> None:
    """Take away the consoles that libraries gave their own loggers, so that their lines are written as ours."""
    for name in list(logging.root.manager.loggerDict):
        logger = logging.getLogger(name)
        consoles = [one for one in logger.handlers if isinstance(one, logging.StreamHandler)]
        for one in consoles:
            logger.removeHandler(one)
        if consoles:
            logger.propagate = True
            logger.setLevel(max(logger.level, logging.WARNING))


def listens() -> bool:
    """Whether lines of this process go anywhere: without `configure` they are not even put together."""
    return _LOG.isEnabledFor(logging.INFO)


def tell(event: str, **facts: Any) -> None:
    """One line at info level, when anybody listens."""
    if listens():
        structlog.get_logger("shenbao").info(event, **facts)


def ids(values: list[Any]) -> list[str]:
    """Those of the values that are ids of ours, by which the journal knows the rest; at most five."""
    return [value for value in values if isinstance(value, str) and _ID.fullmatch(value)][:5]


def reason(error: BaseException) -> dict[str, Any]:
    """An error as a line may tell it: its kind and code and where it arose, never what it was about.

    The message of a database or a parser quotes what it was given; names and numbers would be in it.
    """
    told: dict[str, Any] = {"error": type(error).__name__}
    if isinstance(error, ShenbaoError):
        told["code"] = error.code
    elif isinstance(error, OSError) and error.strerror:
        told["why"] = error.strerror
    elif isinstance(error, _HARMLESS):
        told["why"] = str(error)[:200]
    frames = traceback.extract_tb(error.__traceback__)[-DEEPEST:]
    told["at"] = [f"{frame.filename}:{frame.lineno} {frame.name}" for frame in frames]
    cause = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    return told if cause is None else {**told, "cause": reason(cause)}


_AT = structlog.processors.TimeStamper(fmt="iso", utc=True)


def _faced(face: str) -> Any:
    def faced(_logger: WrappedLogger, _method: str, line: EventDict) -> EventDict:
        return {"level": line.get("level"), "face": face, **line}

    return faced


def _told(_logger: WrappedLogger, _method: str, line: EventDict) -> EventDict:
    """The error of a line, without its message."""
    given = line.pop("exc_info", None)
    error = given[1] if isinstance(given, tuple) else given
    return {**line, **reason(error)} if isinstance(error, BaseException) else line


def _foreign(_logger: WrappedLogger, _method: str, line: EventDict) -> EventDict:
    """A line of the standard library's kind: ours whole, a library's only as its source has it."""
    record = line["_record"]
    if record.name.partition(".")[0] not in OURS:
        line["event"] = str(record.msg)[:300]
    return {**line, "logger": record.name}


def _type(value: object) -> str:
    return type(value).__name__
