"""R5: PostgreSQL goes away in the middle of everything and comes back."""

from django.db import connection

from tests.faults.apps import SLOW
from tests.processes import wait_for

from .base import Round


class DatabaseRestarted(Round):
    """What was accepted is made; whoever calls meanwhile is asked to come back."""

    name = "database"
    title = "PostgreSQL restarted with `-m immediate` under load"
    places = ("postgresql",)
    lanes = ("immediate", "high")
    # A pusher that was cut off sleeps for 10 s (django-q2), or until its lane is found dead.
    environment = {"FAULTS_ATTEMPTS": "9", "FAULTS_CANARY_LIMIT": "1"}

    def harm(self) -> None:
        server = self.installation.database_server
        assert server
        web = self.start_all()
        with self.callers(web, SLOW) as callers:
            callers.wait_for_accepted(1)
            self.pause(0.0, 1.0)
            server.stop("immediate")
            refused = callers.refused
            wait_for(lambda: callers.refused > refused, what="a caller who is asked to come back")
            self.pause(0.0, 0.5)
            server.start()
            # This process has lost its connection too.
            connection.close()
            self.hurt("restart the database")
            callers.wait_for_accepted(2)
