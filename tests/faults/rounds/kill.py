"""R1, R5: processes killed with SIGKILL at random moments."""

import sqlite3
from contextlib import closing

from tests.faults.apps import SLOW
from tests.faults.exports import submit_pulled
from tests.faults.ledger import Asked, records
from tests.processes import Process, wait_for
from tests.sources.conftest import opened_source

from .base import Round


class WorkersKilled(Round):
    """Anybody of the workers' family may be killed, the supervisor too, which is started again."""

    name = "workers"
    title = "`kill -9` of workers, pushers, monitors, clusters, the janitor, the supervisor"
    kills, exports = 6, 3
    # As many starts as there can be kills: no export is poison here.
    environment = {"FAULTS_ATTEMPTS": str(kills + 3)}

    def harm(self) -> None:
        self.workers.start(*self.lanes)
        for _ in range(self.exports):
            self.submit(self.dice.choice((1_200, 5_200)), SLOW)
        for _ in range(self.kills):
            self.pause(0.02, 0.35)
            self.kill(self.dice.choice(wait_for(self.workers.family, what="anybody to kill")))

    def kill(self, victim: Process) -> None:
        is_supervisor = victim == self.workers.supervisor
        self.hurt(f"kill {victim.name} {victim.pid}{' (the supervisor)' if is_supervisor else ''}")
        victim.kill()
        if is_supervisor:
            self.workers.launch(*self.lanes)


class ReadersKilled(WorkersKilled):
    """Records are read by the workers, from a source database that holds those of all exports."""

    name = "readers"
    title = "`kill -9` of the same while they read a source database"

    def harm(self) -> None:
        self.source = self.installation.directory / "source.sqlite3"
        with closing(sqlite3.connect(self.source)) as connection:
            connection.execute("PRAGMA journal_mode=WAL")
            connection.execute(
                "CREATE TABLE courses (id INTEGER PRIMARY KEY, credits, course_code, title, description, instructor,"
                " semester, status, created_at, updated_at)"
            )
        self.stack.enter_context(opened_source({"ENGINE": "django.db.backends.sqlite3", "NAME": str(self.source)}))
        super().harm()

    def submit(self, rows: int, how: str = "", **expected: object) -> Asked:
        asked = self.ledger.ask(rows, **expected)
        known = [
            (record["id"], record["amount"], record["reference_number"], asked.name)
            for record in records(asked.name, rows)
        ]
        with closing(sqlite3.connect(self.source)) as connection, connection:
            insert = "INSERT INTO courses (credits, course_code, title, semester) VALUES (?, ?, ?, ?)"
            connection.executemany(insert, known)
        submit_pulled(asked, how)
        return asked


class WebKilled(Round):
    """The web server, or one of its processes, is killed while it accepts and builds exports."""

    name = "web"
    title = "`kill -9` of the web server and its processes while exports are posted"
    lanes = ("immediate", "high")
    kills = 3
    environment = {"FAULTS_ATTEMPTS": str(kills + 3)}

    def harm(self) -> None:
        web = self.start_all()
        with self.callers(web, SLOW) as callers:
            for _ in range(self.kills):
                self.pause(0.1, 0.6)
                if self.dice.random() < 0.5:
                    victim = self.dice.choice(wait_for(web.workers, what="a web process"))
                    self.hurt(f"kill web process {victim.pid}")
                    victim.kill()
                else:
                    self.hurt("kill the web server")
                    web.kill()
                    web.start()
            callers.wait_for_accepted(1)
