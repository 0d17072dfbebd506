"""Files on their way to a caller."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import IO, Protocol


@dataclass(frozen=True, kw_only=True)
class OpenedFile:
    """A file on its way to a caller; whoever receives it closes it."""

    file: IO[bytes]
    name: str
    size: int
    """Bytes."""
    sha256: str
    made_at: datetime
    media_type: str


class Blocks(Protocol):
    """Bytes that come piece by piece, for whoever closes them at the end."""

    def __iter__(self) -> Iterator[bytes]: ...

    def close(self) -> None:
        """Let go of what they come from."""


@dataclass(frozen=True, kw_only=True)
class FollowedFile:
    """A file on its way to a caller while it is made: neither size nor digest is known yet."""

    blocks: Blocks
    """They end where the file is published; where it is not, they raise StreamBroken."""
    name: str
    media_type: str
