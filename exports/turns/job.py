"""What must be known of an export to say whose turn it is."""

from collections.abc import Hashable
from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Job:
    """What is left of one export. One that just ended (no room, no workers) still tells when its owner was served."""

    id: int
    owner: Hashable
    """Who asked; each owner gets the same share."""
    seconds: float = 0.0
    """Work left for one worker, what is being done now included."""
    held_seconds: float = 0.0
    """Of these, what the workers who are at it have taken up already."""
    part_seconds: float = 0.0
    """Work of one part: a turn ends between two parts only; 0 where it may end anywhere."""
    workers: int = 0
    """How many are at work on it now."""
    room: int = 1
    """How many more may join them: parts that nobody holds, as far as parts of one export may be made in parallel."""
    last_turn: float | None = None
    """When a worker last began a turn with it, as a timestamp; None: never."""

    @property
    def is_new(self) -> bool:
        """Whether nobody has ever begun it."""
        return not self.workers and self.last_turn is None
