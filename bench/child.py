"""One run of one contender in a process of its own: ``python -m bench.child NAME FOLDER COUNT OUTPUT WARM_UP``.

Prints seconds and the most memory the process ever held. ``WARM_UP`` records are written first, so that nobody pays for
imports, nor for memory that a process which has worked before already has; with 0 the run is a process's first.
"""

import json
import os
import sys
import time
from importlib import import_module
from pathlib import Path

from .inputs import Inputs


def main(name: str, folder: str, count: str, output: str, warm_up: str = "0") -> None:
    """Run a contender named ``module:function``, or ``module:function!`` for a whole job: file in, file out, cold."""
    os.environ.setdefault("DATA_DIR", folder)
    module, _, function = name.partition(":")
    contender = getattr(import_module(f"bench.{module}"), function.rstrip("!"))
    inputs, target = Inputs(Path(folder), int(count)), Path(output)
    if function.endswith("!"):
        contender(inputs, target)
        return
    if int(warm_up):
        contender(Inputs(Path(folder), min(int(warm_up), int(count))))(target)
    work = contender(inputs)
    started = time.perf_counter()
    work(target)
    seconds = time.perf_counter() - started
    print(json.dumps({"seconds": seconds, "peak": _peak()}))


def _peak() -> int:
    """Return VmHWM in bytes."""
    status = Path("/proc/self/status").read_text()
    line = next(line for line in status.splitlines() if line.startswith("VmHWM:"))
    return int(line.split()[1]) * 1024


if __name__ == "__main__":
    main(*sys.argv[1:])
