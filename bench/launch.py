"""One run of a command: ``python -m bench.launch COMMAND``; prints seconds and the most memory it ever held.

The kernel counts what a process held before it became the command, so what starts it has to be as small as this is.
"""

import json
import os
import subprocess
import sys
import time


def main(*command: str) -> int:
    """Run the command and print what it took; return its status."""
    started = time.perf_counter()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    print(json.dumps({"seconds": time.perf_counter() - started, "peak": usage.ru_maxrss * 1024}))
    return os.waitstatus_to_exitcode(status)


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
