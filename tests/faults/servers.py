"""Servers that a test may restart, kill and flush, because nobody else uses them."""

import os
import pwd
import random
import shutil
import socket
import subprocess
from pathlib import Path
from typing import IO, Any

import redis

from tests.processes import wait_for

SPARING = ("shared_buffers=16MB", "max_connections=100", "min_wal_size=32MB", "max_wal_size=64MB")


def free_port() -> int:
    """Return a port nobody listens on.

    It lies below the ports that the kernel gives to callers, so that nobody takes it while the server is away.
    """
    while True:
        port = random.SystemRandom().randrange(20_000, 32_000)
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
        return port


class Postgres:
    """A PostgreSQL server in a folder of its own."""

    def __init__(self, programs: str, folder: Path) -> None:
        self.programs = Path(programs)
        self.folder = folder
        self.port = free_port()
        self.address = f"postgresql://postgres@127.0.0.1:{self.port}/postgres"

    def create(self) -> None:
        self.folder.mkdir(mode=0o700)
        shutil.chown(self.folder, **_owner())
        self._run("initdb", "--no-sync", "--no-locale", "--encoding=UTF8", "--auth=trust", "--username=postgres")

    def copy(self, original: Path) -> None:
        """Begin with what another server, which does not run, has stored."""
        subprocess.run(["cp", "--archive", original, self.folder], check=True)

    def start(self) -> None:
        settings = ("listen_addresses=127.0.0.1", f"port={self.port}", f"unix_socket_directories={self.folder}")
        options = " ".join(f"-c {setting}" for setting in (*settings, *SPARING))
        self._run("pg_ctl", "start", "--wait", "--silent", "--log", str(self.folder / "log"), "--options", options)

    def stop(self, mode: str = "immediate") -> None:
        self._run("pg_ctl", "stop", "--wait", "--silent", "--mode", mode)

    def destroy(self) -> None:
        if (self.folder / "postmaster.pid").exists():
            self.stop()

    def _run(self, program: str, *arguments: str) -> None:
        command = [str(self.programs / program), "--pgdata", str(self.folder), *arguments]
        user: dict[str, Any] = _owner() | {"extra_groups": []} if _owner() else {}
        # A server that inherited a pipe would keep its reader waiting.
        subprocess.run(
            command, check=True, cwd=self.folder, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, **user
        )


def _owner() -> dict[str, Any]:
    """Return who runs the server: PostgreSQL refuses to be root."""
    if os.geteuid():
        return {}
    entry = pwd.getpwnam("postgres")
    return {"user": entry.pw_uid, "group": entry.pw_gid}


class Redis:
    """A Redis server that keeps nothing on disk."""

    def __init__(self, program: str, folder: Path) -> None:
        self.program = program
        self.folder = folder
        self.port = free_port()
        self.address = f"redis://127.0.0.1:{self.port}/0"
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        options = {"port": self.port, "bind": "127.0.0.1", "save": "", "appendonly": "no", "dir": self.folder}
        command = [self.program, *(str(word) for name, value in options.items() for word in (f"--{name}", value))]
        self.process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
        wait_for(self._answers, what="Redis")

    def kill(self) -> None:
        if self.process:
            self.process.kill()
            self.process.wait()

    def flush(self) -> None:
        with redis.Redis.from_url(self.address) as client:
            client.flushall()

    def _answers(self) -> bool:
        try:
            with redis.Redis.from_url(self.address) as client:
                return bool(client.ping())
        except redis.ConnectionError:
            return False


class Tmpfs:
    """A small disk in memory."""

    def __init__(self, folder: Path, megabytes: int) -> None:
        self.folder = folder
        self.options = f"size={megabytes}m,mode=0700"

    def __enter__(self) -> "Tmpfs":
        self.folder.mkdir(parents=True, exist_ok=True)
        subprocess.run(["mount", "-t", "tmpfs", "-o", self.options, "tmpfs", self.folder], check=True)
        return self

    def __exit__(self, *_: object) -> None:
        subprocess.run(["umount", "--lazy", self.folder], check=True)

    def fill(self, leave: int) -> Path:
        """Put a file there that takes all the room but so many bytes."""
        ballast = self.folder / "ballast"
        with ballast.open("wb") as file:
            # Others may be faster and take of what was free a moment ago.
            while not self._takes(file, shutil.disk_usage(self.folder).free - leave):
                continue
        return ballast

    def _takes(self, file: IO[bytes], size: int) -> bool:
        try:
            os.posix_fallocate(file.fileno(), 0, max(size, 1))
        except OSError:
            return size <= 1
        return True
