"""Make .venv hold exactly what the given lock files name: `python3 bin/setup.py requirements.txt …`.

Does nothing, and needs no network, when that is already so. Calls at the same time wait for one another; the kernel
drops the lock with the process that holds it, so a killed call leaves none behind.

Written for any Python 3, so that an old one gets a sentence instead of a syntax error.
"""

import fcntl
import hashlib
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"


def main(names):
    """Install what changed, one caller at a time."""
    if sys.version_info < (3, 11):
        sys.exit(
            "Python 3.11 or newer is needed, and {} is {}.{}. Name another one: PYTHON=python3.12 bin/run".format(
                sys.executable, *sys.version_info[:2]
            )
        )
    with (ROOT / ".venv.lock").open("w") as lock:
        fcntl.lockf(lock, fcntl.LOCK_EX)
        make_venv()
        for name in names:
            install(name)


def make_venv():
    """Start afresh unless .venv was finished by this Python in this folder."""
    made_by = VENV / "made-by"
    origin = "{} {}".format(ROOT, sys.version)
    if not (made_by.exists() and made_by.read_text() == origin and PYTHON.exists()):
        print("Making .venv", flush=True)
        run(sys.executable, "-m", "venv", "--clear", VENV)
        made_by.write_text(origin)


def install(name):
    """Install a lock file unless the stamp says that this very text was installed."""
    stamp = VENV / (name + ".sha256")
    digest = hashlib.sha256((ROOT / name).read_bytes()).hexdigest()
    if stamp.exists() and stamp.read_text() == digest:
        return
    print("Installing {}".format(name), flush=True)
    made_by = VENV / "made-by"
    origin = made_by.read_text()
    # An installation that breaks off may leave half a package that pip takes for a whole one: then start afresh.
    made_by.unlink()
    run(PYTHON, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--require-hashes", "-r", ROOT / name)
    stamp.write_text(digest)
    made_by.write_text(origin)


def run(*command):
    """Run a command; a failure of it ends this program, its own words are enough."""
    status = subprocess.run([str(part) for part in command], stdin=subprocess.DEVNULL).returncode
    if status:
        sys.exit("Could not set up .venv: `{}` failed.".format(" ".join(str(part) for part in command)))


if __name__ == "__main__":
    main(sys.argv[1:])
