"""Which email addresses are accepted, and the one spelling under which each is known."""

from __future__ import annotations

from email_validator import EmailSyntaxError, validate_email

from models.errors import InputError

_ENCODED = "xn--"


def normal(email: str) -> str:
    """The key of an address: ASCII and case-folded, the same for every way to write it.

    Letters that only look Latin are refused before the @ by the validator itself; behind the @
    they would pass as an encoded (IDN) domain, so those are refused here. Nothing is looked up,
    so reserved names for examples (`example.cn`, `example.com`) are fine; `.test` and `.local`,
    which no mail reaches, are not. Sources: RFC 5321, RFC 5890; reliability F19.

    Raises InputError: `email_invalid`; `email_idn`, whose details hold the `punycode` that shows
    what the domain really is.
    """
    try:
        found = validate_email(email, allow_smtputf8=False, check_deliverability=False, strict=True)
    except EmailSyntaxError as error:
        raise InputError("email_invalid", field="email", value=email) from error
    domain = str(found.ascii_domain).casefold()
    if any(label.startswith(_ENCODED) for label in domain.split(".")):
        raise InputError("email_idn", field="email", value=email, punycode=domain)
    return f"{found.ascii_local_part}@{domain}".casefold()
