"""What an e-mail about an export says: what was made, how it ended, where the files are; no values of its records."""

from datetime import timedelta
from email.utils import parseaddr
from typing import Any

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.utils import timezone, translation

from exports.conf import conf
from exports.models import ExportFile, ExportRequest, LanguageChoice, Notice

from . import links

MOST_LINKS = 20
"""Files that a mail lists where there is no archive; its page in the portal has all."""


def letter(notice: Notice) -> EmailMultiAlternatives:
    """Return the e-mail of a notice, in the language that its reader chose in the portal."""
    context = _context(notice.told_export)
    with translation.override(LanguageChoice.objects.of(notice.recipient) or settings.LANGUAGE_CODE):
        # Spaces that do not break would make an encoded word of a plain subject.
        context["subject"] = " ".join(_rendered(notice, "subject.txt", context).split())
        text, html = _rendered(notice, "txt", context), _rendered(notice, "html", context)
    sender = settings.DEFAULT_FROM_EMAIL
    message = EmailMultiAlternatives(
        context["subject"],
        text,
        sender,
        [notice.recipient],
        headers={
            # Whoever is told twice, because the answer to the first time got lost, has it once.
            "Message-ID": f"<{notice.public_id}@{parseaddr(sender)[1].rpartition('@')[2]}>",
            "Auto-Submitted": "auto-generated",
        },
    )
    message.attach_alternative(html, "text/html")
    return message


def _rendered(notice: Notice, kind: str, context: dict[str, Any]) -> str:
    return render_to_string(f"exports/mail/{notice.event}.{kind}", context)


def _context(export: ExportRequest) -> dict[str, Any]:
    files = list(export.files.all())
    parts = sorted((file for file in files if file.kind == ExportFile.Kind.PART), key=lambda part: part.number)
    archives = [file for file in files if file.kind == ExportFile.Kind.ARCHIVE]
    offered = archives or parts
    return {
        "export": export,
        "parts": len(parts),
        "size": sum(file.size for file in offered),
        "links": [{"name": file.name, "url": _link(export, file)} for file in offered[:MOST_LINKS]],
        "left": len(offered[MOST_LINKS:]),
        "noticed": sum(warning["count"] for warning in export.warnings),
        "resumable_until": (export.completed_at or timezone.now()) + timedelta(hours=conf.failed_hours),
        "zone": timezone.get_current_timezone_name(),
        "portal": conf.public_url,
        "page": links.to_page(export.public_id),
    }


def _link(export: ExportRequest, file: ExportFile) -> str:
    number = links.ARCHIVE if file.kind == ExportFile.Kind.ARCHIVE else file.number
    return links.to_file(export.public_id, number, export.expires_at or timezone.now())
