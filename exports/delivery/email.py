"""Sending e-mail: one message to one recipient, and what the mail server's answer means."""

import logging
import re
import smtplib
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any

from django.core.mail import get_connection

from exports.conf import conf
from exports.exceptions import NotDelivered
from exports.models import Notice
from exports.models.notice import EXPIRING

from . import addresses
from .letters import letter

logger = logging.getLogger(__name__)

TAKEN = 250
"""What a mail server answers to a message it takes (RFC 5321, section 4.2.3)."""
LONGEST = 45.0
"""Seconds of a whole conversation at most: less than an attempt is claimed for, so that nobody else begins one."""
_ENHANCED = re.compile(r"[245]\.\d{1,3}\.\d{1,3}\b")


def send(notice: Notice) -> int:
    """Send the e-mail of a notice, and return what the mail server answered.

    Raises:
        NotDelivered: it was not taken, or what it would say is not true any more.
    """
    if not conf.email_enabled:
        raise NotDelivered("E-mail is switched off.")
    if outdated := _outdated(notice):
        raise NotDelivered(outdated, for_good=True)
    try:
        _converse(notice)
    except (smtplib.SMTPException, OSError) as error:
        refused = _refused(error)
        logger.warning("Notice %s: %s", notice.public_id, refused)
        # The server's own words may quote the address.
        raise refused from None
    logger.info("Notice %s: the mail server took it", notice.public_id)
    return TAKEN


def _outdated(notice: Notice) -> str:
    """Return why a notice must not be told any more; nothing where it may."""
    export, recipient = notice.told_export, notice.recipient
    if addresses.problem(recipient) or (conf.email_domains and not addresses.is_in(recipient, conf.email_domains)):
        return "Mail may not go to this recipient."
    if notice.event == export.State.FAILED:
        return "" if export.state == export.State.FAILED else "The export was started again."
    if not export.is_downloadable:
        return "The files are not kept any more."
    if notice.event == EXPIRING and export.files.filter(downloads__gt=0).exists():
        return "The files were fetched meanwhile."
    return ""


def _converse(notice: Notice) -> None:
    message = letter(notice)
    connection = get_connection()
    with _no_longer_than(LONGEST, connection):
        connection.send_messages([message])


@contextmanager
def _no_longer_than(seconds: float, connection: Any) -> Iterator[None]:
    """Hang up when a conversation takes so long: each step of it has a limit, which a slow server never passes."""

    def hang_up() -> None:
        for line in _lines(connection):
            with suppress(OSError):
                line.sock.shutdown(socket.SHUT_RDWR)

    clock = threading.Timer(seconds, hang_up)
    clock.daemon = True
    clock.start()
    try:
        yield
    finally:
        clock.cancel()
        # Django leaves a line open that it could not encrypt.
        for line in _lines(connection):
            line.close()


def _lines(connection: Any) -> Iterator[Any]:
    """Yield what a connection of Django's speaks through: one that stands, or one that is being made."""
    for name in ("connection", "_partial_connection"):
        line = getattr(connection, name, None)
        if getattr(line, "sock", None) is not None:
            yield line


def _refused(error: smtplib.SMTPException | OSError) -> NotDelivered:
    """Say what came of it: a recipient or message refused for good, or trouble that may pass."""
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        ((code, text),) = error.recipients.values()
        return _answered("the recipient", code, text, for_good=code >= 500)
    if isinstance(error, smtplib.SMTPDataError):
        return _answered("the message", error.smtp_code, error.smtp_error, for_good=error.smtp_code >= 500)
    if isinstance(error, smtplib.SMTPSenderRefused):
        return _answered("the sender", error.smtp_code, error.smtp_error)
    if isinstance(error, smtplib.SMTPResponseException):
        # Such as a password that the operator still has to mend.
        return _answered("to talk", error.smtp_code, error.smtp_error)
    return NotDelivered(f"The mail server could not be spoken to ({type(error).__name__}).")


def _answered(what: str, code: int, text: bytes | str, *, for_good: bool = False) -> NotDelivered:
    words = text.decode(errors="replace") if isinstance(text, bytes) else text
    enhanced = _ENHANCED.match(words)
    answer = f"{code} {enhanced.group()}" if enhanced else str(code)
    return NotDelivered(f"The mail server refused {what}: {answer}", status=code, for_good=for_good)
