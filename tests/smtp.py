"""A real SMTP server for tests: it takes mail, or answers as a test says, and notes what was said to it."""

import logging
import threading
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from ssl import SSLContext
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

# It would note addresses in the log of a test that looks for them there.
logging.getLogger("mail.log").setLevel(logging.CRITICAL)


@dataclass(frozen=True)
class Received:
    """One mail as it came over the wire."""

    recipients: list[str]
    sender: str
    raw: bytes

    @property
    def message(self) -> EmailMessage:
        return message_from_bytes(self.raw, policy=policy.default)

    @property
    def text(self) -> str:
        return self._body("plain")

    @property
    def html(self) -> str:
        return self._body("html")

    def _body(self, kind: str) -> str:
        body = self.message.get_body((kind,))
        assert body is not None
        return str(body.get_content())


@dataclass
class Mailbox:
    """What a server received, and what it answers next; when it has no answers left, it takes everything."""

    received: list[Received] = field(default_factory=list)
    asked_to: list[str] = field(default_factory=list)
    """Every recipient that was named, refused ones too."""
    rcpt_answers: list[str] = field(default_factory=list)
    data_answers: list[str] = field(default_factory=list)
    held: threading.Event = field(default_factory=threading.Event)
    """Set while a message is held back: its sender waits for the answer."""
    holds: bool = False

    async def handle_RCPT(self, server: SMTP, session: Session, envelope: Envelope, address: str, options: Any) -> str:
        self.asked_to.append(address)
        if self.rcpt_answers:
            return self.rcpt_answers.pop(0)
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str | None:
        if self.data_answers:
            return self.data_answers.pop(0)
        content = envelope.content
        assert isinstance(content, bytes)
        self.received.append(Received(list(envelope.rcpt_tos), envelope.mail_from or "", content))
        if self.holds:
            self.held.set()
            # Long enough for any test: whoever waits is killed.
            await server.loop.create_future()
        return "250 OK"


class AnyPort(Controller):
    """A controller that learns which port the system gave it."""

    def _trigger_server(self) -> None:
        self.port = self.server.sockets[0].getsockname()[1]
        super()._trigger_server()


@dataclass
class MailServer:
    """A server on a port of its own; started again, it is on the same one."""

    box: Mailbox = field(default_factory=Mailbox)
    port: int = 0
    tls: SSLContext | None = None
    """With it, nothing is taken before STARTTLS."""

    def __enter__(self) -> "MailServer":
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def start(self) -> None:
        self._controller = AnyPort(
            self.box,
            hostname="127.0.0.1",
            port=self.port,
            tls_context=self.tls,
            require_starttls=self.tls is not None,
        )
        self._controller.start()
        self.port = self._controller.port

    def stop(self) -> None:
        self._controller.stop(no_assert=True)

    @property
    def settings(self) -> dict[str, Any]:
        """Django's settings with which mail goes there."""
        return {
            "EMAIL_BACKEND": "django.core.mail.backends.smtp.EmailBackend",
            "EMAIL_HOST": "127.0.0.1",
            "EMAIL_PORT": self.port,
            "EMAIL_USE_TLS": False,
            "EMAIL_USE_SSL": False,
            "DEFAULT_FROM_EMAIL": "exports@portal.example",
            "EXPORTS_EMAIL_ENABLED": True,
        }

    @property
    def environment(self) -> dict[str, str]:
        """The variables with which a portal sends its mail there."""
        return {
            "ENABLE_EMAIL_NOTIFICATIONS": "true",
            "SMTP_HOST": "127.0.0.1",
            "SMTP_PORT": str(self.port),
            "SMTP_USE_TLS": "false",
            "SMTP_FROM_ADDRESS": "exports@portal.example",
        }
