"""How one letter leaves: by SMTP, or into a local mail folder; and what a refusal means."""

from __future__ import annotations

import errno
import mailbox
import re
import smtplib
import ssl
from base64 import encodebytes
from contextlib import suppress
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import parseaddr
from functools import lru_cache
from typing import TYPE_CHECKING, Protocol, cast

from models import clock
from models.errors import ShenbaoError
from models.secret import signature
from models.sentences import SENTENCES
from models.settings import settings
from models.text import explain

if TYPE_CHECKING:
    from collections.abc import Sequence


class CarrierError(ShenbaoError):
    """A letter was not taken: only this one, try it again later. The code says why, `reason` in the server's words."""

    @property
    def words(self) -> str:
        """The code, with the server's own words in brackets: as a letter's row keeps it."""
        raw = str(self.details.get("reason") or "")
        return f"{self.code} ({raw})" if raw else self.code


class RefusedLetterError(CarrierError):
    """It never will be; the address or the letter itself is at fault."""


class DownError(CarrierError):
    """No letter of ours can leave now; there is no use in trying the others."""


class StalledError(CarrierError):
    """`server_silent`: the server fell silent over this letter; the others were not tried."""


class Carrier(Protocol):
    """Whoever takes letters. Raises CarrierError, and keeps what it needs from one to the next."""

    def carry(self, message: EmailMessage) -> None:
        """Take one letter, or say why not."""

    def rest(self) -> None:
        """The batch is over: let go of connections."""


# A plain text as `EmailMessage.set_content` makes it; base64 passes every server, also those never told of eight bits.
_TEXT = {
    "Content-Type": 'text/plain; charset="utf-8"',
    "Content-Transfer-Encoding": "base64",
    "MIME-Version": "1.0",
}


def chosen() -> Carrier:
    """The carrier of the settings: the mail server, or the local mail folder without one."""
    return Postman() if settings().smtp_host else Folder()


class Postman:
    """Carries by SMTP, one connection for a batch."""

    def __init__(self) -> None:
        self._line: smtplib.SMTP | None = None

    def carry(self, message: EmailMessage) -> None:
        """Hand a letter to the mail server. Raises CarrierError in one of its kinds."""
        line = self._line = self._line or _connected()
        try:
            line.send_message(message, _address_in(message, "From"), _address_in(message, "To"))
        except OSError as error:  # all of smtplib's errors are
            if line.sock is None or not isinstance(error, smtplib.SMTPException):
                self.rest()
            raise _judged(error) from error

    def rest(self) -> None:
        """Say goodbye to the server, if it still listens."""
        line, self._line = self._line, None
        if line is not None:
            with suppress(OSError):
                line.quit()
            line.close()


class Folder:
    """Puts letters into a Maildir, where the administrator or a mail program finds them."""

    def carry(self, message: EmailMessage) -> None:
        """Put a letter down. Raises DownError when the folder cannot be written."""
        folder = settings().maildir
        try:
            for part in ("tmp", "new", "cur"):
                (folder / part).mkdir(mode=0o700, parents=True, exist_ok=True)
            mailbox.Maildir(folder).add(message)
        except OSError as error:
            raise DownError(_why_not_written(error), reason=str(error)) from error

    def rest(self) -> None:
        """Nothing is held between letters."""


def _address_in(message: EmailMessage, header: str) -> str | None:
    """The one address in a header of ours, which smtplib would read anew; None: let it."""
    found: Sequence[Address] = getattr(message[header], "addresses", ())
    return found[0].addr_spec if len(found) == 1 else None


def _connected() -> smtplib.SMTP:
    """A line to the mail server. Whatever goes wrong here is no letter's fault."""
    chosen, line = settings(), None
    try:
        # Without a name of our own smtplib asks the DNS for one, and may wait long for it.
        line = smtplib.SMTP(chosen.smtp_host, chosen.smtp_port, domain(), chosen.smtp_timeout)
        if chosen.smtp_starttls:
            line.starttls(context=ssl.create_default_context())
        line.ehlo_or_helo_if_needed()
        if chosen.smtp_user:
            line.login(chosen.smtp_user, chosen.smtp_password.get_secret_value())
    except OSError as error:
        if line is not None:
            line.close()
        raise DownError(_why_down(error), reason=_reason(error)) from error
    return line


def _judged(error: OSError) -> CarrierError:
    """What the server's answer to a letter means for it."""
    reason = _reason(error)
    if isinstance(error, smtplib.SMTPSenderRefused):
        # It is our own address that the server does not like, so it is no letter's fault.
        return DownError("sender_refused", reason=reason)
    if isinstance(error, smtplib.SMTPNotSupportedError):
        return RefusedLetterError("address_not_supported", reason=reason)
    if reason.startswith("5"):
        return RefusedLetterError(_why_refused(error, reason), reason=reason)
    if isinstance(error, TimeoutError) or isinstance(error.__context__, TimeoutError):
        return StalledError("server_silent", reason=reason)
    return CarrierError(_why_delayed(error, reason), reason=reason)


def _why_down(error: OSError) -> str:
    """Why there is no line to the mail server."""
    if isinstance(error, smtplib.SMTPAuthenticationError) or "AUTH" in str(error):
        return "mail_sign_in"
    if isinstance(error, smtplib.SMTPNotSupportedError | ssl.SSLError):
        return "mail_not_secure"
    if isinstance(error, smtplib.SMTPResponseException):
        return "server_turns_away"
    return "server_silent" if isinstance(error, TimeoutError) else "server_unreachable"


def _why_refused(error: OSError, reason: str) -> str:
    """Why the server refuses for good: RFC 3463 where it says so, else at which command (RFC 5321) it did."""
    if "5.2.2" in reason or reason.startswith("552"):
        return "mailbox_full"
    if "5.1." in reason or (isinstance(error, smtplib.SMTPRecipientsRefused) and "5.7." not in reason):
        return "address_unknown"
    return "letter_refused"


def _why_delayed(error: OSError, reason: str) -> str:
    """Why the server does not take it yet."""
    if isinstance(error, smtplib.SMTPServerDisconnected | ConnectionError):
        return "line_dropped"
    return "mailbox_full" if "4.2.2" in reason or reason.startswith("452") else "letter_delayed"


def _why_not_written(error: OSError) -> str:
    return "mail_disk_full" if error.errno in (errno.ENOSPC, errno.EDQUOT) else "mail_folder"


def in_words(error: str, language: str) -> str:
    """What a letter's row says of its trouble, for people: the sentence of its code, the server's words in brackets.

    What is no code of ours is said as it stands.
    """
    code, _, raw = error.partition(" (")
    if code not in SENTENCES:
        return error
    return explain(code, {"reason": raw.removesuffix(")")} if raw else {}, language)


def _reason(error: OSError) -> str:
    """The server's own words, its code first; or what the network said."""
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        return _told(*next(iter(error.recipients.values())))
    if isinstance(error, smtplib.SMTPResponseException):
        return _told(error.smtp_code, error.smtp_error)
    return str(error) or type(error).__name__


def _told(code: int, words: bytes | str) -> str:
    text = words.decode("utf-8", "replace") if isinstance(words, bytes) else words
    return f"{code} {' '.join(text.split())}"


def domain() -> str:
    """The domain our letters come from."""
    return parseaddr(settings().mail_from)[1].rpartition("@")[2] or "localhost"


def message_id(letter_id: str) -> str:
    """The Message-ID of a letter, the same at every try.

    Letters of one event differ by their readers' ids alone, which others know: the end is the secret's, so that
    nobody makes up the Message-ID of somebody else's letter.
    """
    safe = re.sub(r"[^A-Za-z0-9_-]", lambda c: f"={ord(c[0]):X}", letter_id)
    return f"<{safe}.{signature('message-id', letter_id)[:20]}@shenbao.{domain()}>"


def compose(letter_id: str, name: str, email: str, subject: str, body: str) -> EmailMessage:
    """A letter ready to leave, dated now.

    Raises ValueError, IndexError or MessageError, which `email` gives for an address that is
    none, or for a line that would break out of its header.
    """
    message = EmailMessage()
    message["From"] = _usual("From", settings().mail_from)
    message["To"] = Address(" ".join(name.split()), addr_spec=email)
    message["Subject"] = subject
    message["Date"] = clock.now()
    message["Message-ID"] = message_id(letter_id)
    message["Auto-Submitted"] = _usual("Auto-Submitted", "auto-generated")
    for header, said in _TEXT.items():
        message[header] = _usual(header, said)
    lines = b"".join(line + b"\n" for line in body.encode().splitlines())
    message.set_payload(encodebytes(lines).decode())
    return message


@lru_cache(maxsize=32)
def _usual(name: str, value: str) -> str:
    """A header that every letter has: reading it costs more than all else about a letter. Raises as `compose`."""
    message = EmailMessage()
    message[name] = value
    return cast("str", message[name])
