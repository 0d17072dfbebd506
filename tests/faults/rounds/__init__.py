"""Rounds: an installation of its own, work, one kind of fault at moments that a seed decides, then the proof.

``KINDS`` names them; ``base.play`` plays one. A new kind of fault is a file here and a line below.
"""

from .base import Result, Round, play
from .broker import BrokerLost
from .database import DatabaseRestarted
from .disk import DiskFull
from .downloads import DeletedWhileRead
from .kill import ReadersKilled, WebKilled, WorkersKilled
from .leases import ProductionLeases
from .poison import Poison
from .race import Race
from .steps import StepsFail
from .twins import Twins
from .zombie import Zombie

__all__ = ["KINDS", "Result", "Round", "play"]

KINDS: dict[str, type[Round]] = {
    kind.name: kind
    for kind in (
        WorkersKilled,
        ReadersKilled,
        WebKilled,
        Zombie,
        DatabaseRestarted,
        BrokerLost,
        DiskFull,
        StepsFail,
        Poison,
        Race,
        Twins,
        DeletedWhileRead,
        ProductionLeases,
    )
}
