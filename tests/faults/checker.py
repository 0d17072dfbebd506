"""Were the promises kept? Holds everything an installation has stored against what was asked of it."""

import csv
import hashlib
import io
import json
import zipfile
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field, fields
from itertools import pairwise
from pathlib import Path

from exports.delivery import storage
from exports.models import ExportFile, ExportLog, ExportRequest

from .ledger import Asked, Ledger, reference

COLUMNS = {"payments": ("ID", "Amount", "Reference"), "courses": ("Credits", "Course Code", "Title")}
"""Where in a file, by resource, stands what each record tells of itself (``ledger.records``)."""
LEGAL = {
    "initiated": {"queued", "processing", "failed", "cancelled"},
    "queued": {"processing", "failed", "cancelled"},
    "processing": {"completed", "failed", "cancelled"},
    "completed": {"expired"},
    # Resumed.
    "failed": {"queued"},
    "cancelled": set(),
    "expired": set(),
}
"""Which event that tells of a state may follow which; other events tell of no state."""


@dataclass
class Findings:
    """Promises that were broken, a sentence each."""

    lost: list[str] = field(default_factory=list)
    corrupt: list[str] = field(default_factory=list)
    twice: list[str] = field(default_factory=list)
    illegal: list[str] = field(default_factory=list)
    answers: list[str] = field(default_factory=list)
    """Answers a caller must not get."""
    leftovers: list[str] = field(default_factory=list)

    def sentences(self) -> list[str]:
        """Return all of them, each with its kind."""
        return [f"{kind.name}: {sentence}" for kind in fields(self) for sentence in getattr(self, kind.name)]


def check(ledger: Ledger) -> Findings:
    """Look at every export there is, whether it was promised or not: what exists must be whole."""
    findings = Findings(answers=list(ledger.wrong_answers))
    seen = set()
    for export in ExportRequest.objects.all():
        name = export.caller_user_id.partition("#")[2]
        seen.add(name)
        check_export(export, ledger.asked[name], findings)
    unknown = [asked.name for asked in ledger.accepted if asked.name not in seen]
    findings.lost += [f"{name} was accepted and is unknown" for name in unknown]
    return findings


def check_export(export: ExportRequest, asked: Asked, findings: Findings) -> None:
    who = f"{asked.name} ({export.caller_user_id}, {export.state})"
    findings.lost += [f"{who} {what}" for what in missing(export, asked)]
    findings.corrupt += [f"{who} {what}" for what in damage(export, asked)]
    findings.twice += [f"{who} {what}" for what in repeated(export, asked)]
    findings.leftovers += [f"{who} left {path.name}" for path in leftovers(export)]
    states = history(export)
    if not legal(export, states):
        findings.illegal.append(f"{who} went {' > '.join(states)}")


def leftovers(export: ExportRequest) -> Iterator[Path]:
    """Yield temporary files, and what was staged for an export that needs it no more."""
    folder = storage.folder(export.public_id)
    yield from folder.glob(f"*{storage.TEMPORARY_SUFFIX}")
    if export.state == "completed":
        yield from folder.glob(f"{storage.STAGED}*")


def missing(export: ExportRequest, asked: Asked) -> Iterator[str]:
    """Yield what should be there and is not."""
    if export.state not in asked.ends:
        yield f"must end {' or '.join(sorted(asked.ends))}: {export.error_code} {export.error_message}"
    if export.record_count != asked.rows:
        yield f"has {export.record_count} records of {asked.rows}"
    if export.state == "completed":
        yield from unavailable(export)


def unavailable(export: ExportRequest) -> Iterator[str]:
    """Yield what a caller who fetches everything would miss."""
    ready = export.files.parts().ready().count()
    if not ready == export.parts_done == export.parts_total:
        yield f"has {ready} ready files, counts {export.parts_done} of {export.parts_total}"
    for file in export.files.ready():
        if not storage.path(file.key).exists():
            yield f"lacks {file.name} on the disk"


def damage(export: ExportRequest, asked: Asked) -> Iterator[str]:
    """Yield what is wrong with the files that may be downloaded, to the last row of the last file."""
    files = [file for file in export.files.ready() if storage.path(file.key).exists()]
    for file in files:
        content = storage.path(file.key).read_bytes()
        if (len(content), hashlib.sha256(content).hexdigest()) != (file.size, file.sha256):
            yield f"is not what was verified: {file.name}"
        elif file.kind == ExportFile.Kind.PART and export.format == "csv":
            rows = [tuple(row[name] for name in COLUMNS[export.resource]) for row in csv_rows(content)]
            if rows != expected(asked, file):
                yield f"has other records in {file.name}"
        elif file.kind == ExportFile.Kind.ARCHIVE:
            yield from archive_damage(content, [each for each in files if each.kind == ExportFile.Kind.PART])


def csv_rows(content: bytes) -> Iterator[dict[str, str]]:
    return csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline=""))


def expected(asked: Asked, file: ExportFile) -> list[tuple[str, str, str]]:
    numbers = range(file.first_row, file.last_row + 1)
    return [(str(number), f"{number}.50", reference(asked.name, number)) for number in numbers]


def archive_damage(content: bytes, parts: list[ExportFile]) -> Iterator[str]:
    """Yield what in an archive is not a part as it was published, or not what its manifest says."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        inside = {name: archive.read(name) for name in archive.namelist()}
    told = json.loads(inside.pop("manifest.json"))["files"]
    found = {(name, len(data), hashlib.sha256(data).hexdigest()) for name, data in inside.items()}
    if found != {(part.name, part.size, part.sha256) for part in parts}:
        yield "has an archive that does not hold its files"
    if {(each["name"], each["size"], each["sha256"]) for each in told} != found:
        yield "has an archive whose manifest says something else"
    if sum(each["rows"] for each in told) != sum(part.record_count for part in parts):
        yield "has an archive whose manifest counts other records"


def repeated(export: ExportRequest, asked: Asked) -> Iterator[str]:
    """Yield what was published more often than once, or started more often than it may be."""
    told = Counter(export.events.values_list("event", flat=True))
    finished = export.state in ("completed", "expired")
    wanted = {
        ExportLog.Event.INITIATED: 1,
        ExportLog.Event.COMPLETED: int(finished),
        ExportLog.Event.PROGRESS: (export.parts_total if finished else export.parts_done) + was_read(export),
    }
    for event, count in wanted.items():
        if told[event] != count:
            yield f"tells {told[event]} times of {event.value}, not {count} times"
    archives = export.files.filter(kind=ExportFile.Kind.ARCHIVE).count()
    if archives != int(finished and export.parts_total > 1):
        yield f"has {archives} archives"
    starts = set(export.files.parts().values_list("attempts", flat=True))
    if asked.starts is not None and starts != {asked.starts}:
        yield f"was started {starts} times, not {asked.starts}"


def was_read(export: ExportRequest) -> bool:
    """Whether a worker has read its records, which is told as progress too."""
    return export.origin != export.Origin.REQUEST and not export.is_unread


def history(export: ExportRequest) -> list[str]:
    """Return the events that tell of a state, in order."""
    return [event for event in export.events.values_list("event", flat=True) if event in LEGAL]


def legal(export: ExportRequest, states: list[str]) -> bool:
    """Whether an export moved as it may, and stands where its last event says."""
    begun = states[:1] == ["initiated"]
    moves = all(after in LEGAL[before] for before, after in pairwise(states))
    return begun and moves and states[-1].replace("initiated", "pending") == export.state
