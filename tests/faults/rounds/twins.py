"""R9: the same request many times at once, and again when the web server was killed in between."""

import threading

from exports.models import ExportRequest
from tests.faults.ledger import Asked, body
from tests.faults.web import OK, Answer, Web

from .base import Round

MAY_BE_SENT_AGAIN = (409, 503)


class Twins(Round):
    """They have one Idempotency-Key, and make one export."""

    name = "twins"
    title = "50 equal calls at once with one `Idempotency-Key`, the web server killed meanwhile"
    lanes = ("immediate", "high")
    places = ("sqlite", "postgresql")
    twins = 50

    def harm(self) -> None:
        web, key = self.start_all(), self.api_key()
        asked = self.ledger.ask(self.dice.choice((300, 1_200, 5_200)))
        threads = [threading.Thread(target=self.call, args=(web, key, asked)) for _ in range(self.twins)]
        for thread in threads:
            thread.start()
        self.pause(0.0, 0.5)
        self.hurt("kill the web server")
        web.kill()
        for thread in threads:
            thread.join()
        web.start()
        # Whoever got no answer, or was asked to, sends it again.
        while (answer := self.call(web, key, asked)) is None or answer.status not in OK:
            self.pause(0.1, 0.2)
        if (made := ExportRequest.objects.count()) != 1:
            self.ledger.wrong_answers.append(f"{self.twins} twins made {made} exports")

    def call(self, web: Web, key: str, asked: Asked) -> Answer | None:
        headers = {"X-API-Key": key, "Content-Type": "application/json", "Idempotency-Key": "twin"}
        answer = web.call("POST", "/api/ybb/export/payments", body(asked), headers)
        if answer is not None and answer.status in OK:
            asked.accepted = True
        elif answer is not None and not (answer.status in MAY_BE_SENT_AGAIN and "Retry-After" in answer.headers):
            self.ledger.wrong_answers.append(f"{asked.name}: {answer.status} {answer.body[:300]!r}")
        return answer
