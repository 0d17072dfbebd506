"""Every EXPORTS_* setting: its name, its type and its default, read from Django's settings at use.

``conf.lease_seconds`` is ``settings.EXPORTS_LEASE_SECONDS`` where the project sets it and the default below where it
does not.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Literal

from django.conf import settings


class Conf:
    """Typed view of the EXPORTS_* settings."""

    templates_dir: Path = Path("templates_config")
    """Where the catalogue's definitions and ``policies.toml`` are."""
    policies: Mapping[str, Mapping[str, int]] = {}
    """What this installation allows otherwise than ``policies.toml``: by dialect, then by name."""
    storage_dir: Path = Path("var/files")
    """Where staged columns and finished files are kept."""
    archive_dir: Path | None = None
    """Where files go when their time is over, of dialects whose policy ``archives``; None: they are deleted."""
    public_url: str = "http://127.0.0.1:8000"
    """What absolute links begin with; never taken from a request's Host header."""
    time_zone: str = "UTC"
    """The zone that values with a UTC offset are converted to."""

    trusted_networks: tuple[str, ...] = ()
    """CIDR networks that may call the API without a key, as the client ``trusted_client``."""
    trusted_client: str = "trusted-network"
    """Name of the API client that stands for the trusted networks."""

    proxy_networks: tuple[str, ...] = ()
    """Networks of our own reverse proxies; only what they say in X-Forwarded-For is believed."""

    slice_rows: int = 16_384
    """Rows that are shaped and written at a time, unless they are heavy: what keeps memory flat."""
    slice_bytes: int = 32 * 1024 * 1024
    """Weight of those rows in memory at most: heavy ones are taken by fewer at a time. Records of 30 ordinary columns
    weigh half of it."""
    memory_limit_bytes: int | None = 1024 * 1024 * 1024
    """How much a worker may grow while it makes one file; one that grows further starts again with smaller slices, and
    the last start fails the export with MEMORY_EXCEEDED. None or 0: as much as there is."""
    deep_verify: Literal["always", "sample", "never"] = "sample"
    """Which files of a large export are read back cell by cell before they are published: all, the first, or none.

    Those of a small export always are; check sums, rows and digest of every file always are."""
    verify_cells: int = 20_000
    """Exports up to this many cells are small; and a sample is not larger than this."""
    parallel_parts: int = 2
    """How many workers may build parts of one export at the same time."""
    turn_seconds: float = 5.0
    """How long a worker stays with one large export before the others in its lane get a turn."""

    max_queue: int = 50
    """How many exports the workers may have before them; more are asked to come back later."""

    lease_seconds: int = 30
    """How long a worker may be silent before its part is given to another."""
    beat_seconds: float = 1.0
    """How often, at most, progress is saved and the lease extended."""
    max_attempts: int = 3
    """Starts of one part before the export is parked as failed."""
    sweep_seconds: int = 10
    """How often lapsed leases and lost messages are looked for."""
    canary_seconds: float = 10.0
    """How often each lane is asked whether it is alive."""
    canary_limit_seconds: float = 60.0
    """How long a lane that nobody works in may leave the question open before it is started anew."""
    failed_hours: float = 24.0
    """How long the staged columns of a failed export are kept, so that it can be started again."""

    dataset_hours: float = 24.0
    """How long an upload is kept after its last piece came or it was closed."""
    max_open_datasets: int = 20
    """How many uploads a caller may have open at once."""
    max_upload_bytes: int = 4 * 1024 * 1024 * 1024
    """How large one piece of an upload may be, inflated. A JSON array is held whole in memory: send NDJSON instead."""
    source_wait_seconds: float = 60.0
    """How long a worker waits for a source database that is away before the start counts as lost."""

    stream_wait_seconds: float = 30.0
    """How long a call for a stream waits for the first bytes of the file before it answers that there are none yet."""
    max_webhooks: int = 10
    """How many webhooks a caller may have."""
    webhook_networks: tuple[str, ...] = ()
    """CIDR networks, not public ones, that webhooks may lead to; there over plain HTTP too, and to any port."""
    webhook_failing_days: float = 5.0
    """A webhook that has taken nothing for so long is disabled."""
    schedule_seconds: float = 5.0
    """How often schedules are looked at: which are due, and what became of the last runs."""
    schedule_minutes: int = 15
    """How many minutes must lie between two runs of a schedule, at least."""
    max_schedules: int = 100
    """How many schedules a caller may have."""
    schedule_lease_seconds: float = 120.0
    """How long a worker may take to ask for a due run, which counts the records first, before another tries."""
    schedule_patience_hours: float = 6.0
    """How long a due run waits for room in the queue, or for the source database, before it is skipped."""
    schedule_warn_failures: int = 3
    """Failed runs in a row after which a schedule carries a warning."""
    schedule_pause_failures: int = 5
    """Failed runs in a row after which a schedule is paused."""

    min_free_bytes: int = 256 * 1024 * 1024
    """Less room than this in the storage, and new exports are refused."""

    email_enabled: bool = False
    """Whether anybody is told by e-mail; where not, whoever asks for that is told so."""
    email_domains: tuple[str, ...] = ()
    """Domains that e-mail may go to, each without those below it; empty for any."""
    expiry_reminder_hours: int = 24
    """How long before the files go whoever wanted an e-mail, and has not fetched them, is reminded; 0 for never."""

    def __getattribute__(self, name: str) -> Any:
        default = super().__getattribute__(name)
        if name.startswith("_"):
            return default
        return getattr(settings, f"EXPORTS_{name.upper()}", default)


conf = Conf()
