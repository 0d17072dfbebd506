"""R5: Redis forgets everything, or goes away and comes back empty."""

from tests.faults.apps import SLOW

from .base import Round


class BrokerLost(Round):
    """Messages are hints: callers do not even notice."""

    name = "broker"
    title = "Redis flushed, or killed and started again empty, under load"
    places = ("redis",)
    lanes = ("immediate", "high")
    # A pusher that was cut off sleeps for 10 s (django-q2), or until its lane is found dead.
    environment = {"FAULTS_ATTEMPTS": "9", "FAULTS_CANARY_LIMIT": "1"}

    def harm(self) -> None:
        broker = self.installation.broker
        assert broker
        web = self.start_all()
        with self.callers(web, SLOW) as callers:
            callers.wait_for_accepted(1)
            for _ in range(2):
                self.pause(0.0, 0.7)
                if self.dice.random() < 0.5:
                    self.hurt("flush the broker")
                    broker.flush()
                else:
                    broker.kill()
                    self.pause(0.0, 0.7)
                    broker.start()
                    self.hurt("restart the broker")
            callers.wait_for_accepted(1)
