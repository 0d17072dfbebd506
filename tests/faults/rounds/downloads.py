"""R8: files are deleted while they are read."""

import hashlib
import random
import threading
import uuid
from collections import Counter
from collections.abc import Callable
from datetime import timedelta

from django.utils import timezone

from exports import service
from exports.exceptions import NotFound
from exports.models import ExportFile, ExportRequest
from exports.tasks.upkeep import expire, remove_disposable
from exports.types import Principal
from tests.faults.installation import connected
from tests.faults.web import Web
from tests.processes import wait_for

from .base import Round

ENDS = frozenset({"expired"})
GONE = (404, 410)


class DeletedWhileRead(Round):
    """Whoever reads gets the whole file or is told that it is gone."""

    name = "downloads"
    title = "expired files deleted while they are downloaded"
    places = ("sqlite", "postgresql")
    lanes = ("high",)
    exports = 4

    def harm(self) -> None:
        web = self.start_all()
        key = self.api_key()
        client = ExportRequest._meta.get_field("client").related_model.objects.get(name="faults")
        for _ in range(self.exports):
            self.submit(5_000, ends=ENDS)
        wait_for(lambda: not self.under_way(), 30, "finished exports")
        ExportRequest.objects.update(client=client)
        self.read_while_deleting(web, key, Principal(client=client))

    def read_while_deleting(self, web: Web, key: str, principal: Principal) -> None:
        self.whole = {file.export.public_id: file.sha256 for file in ExportFile.objects.select_related("export")}
        self.seen: Counter[str] = Counter()
        self.rest = set(self.whole)
        reads = [lambda name: self.over_http(web, key, name), lambda name: self.through_service(principal, name)]
        threads = [threading.Thread(target=self.read, args=(self.dice.random(), read)) for read in reads * 2]
        for thread in threads:
            thread.start()
        for name in self.dice.sample(sorted(self.whole), self.exports):
            self.pause(0.1, 0.4)
            ExportRequest.objects.filter(public_id=name).update(expires_at=timezone.now() - timedelta(seconds=1))
            expire()
            remove_disposable()
            self.hurt(f"delete {name}")
        self.rest.clear()
        for thread in threads:
            thread.join()
        self.story.append(str(self.seen))
        if not (self.seen["whole"] and self.seen["gone"]):
            self.ledger.wrong_answers.append(f"nothing was read, or nothing was gone: {self.seen}")

    def read(self, seed: float, read: Callable[[uuid.UUID], str]) -> None:
        dice = random.Random(seed)
        with connected(self.installation):
            while self.rest:
                name = dice.choice(sorted(self.whole))
                found = read(name)
                self.seen[found] += 1
                if found not in ("whole", "gone"):
                    self.ledger.wrong_answers.append(f"{name}: {found}")

    def over_http(self, web: Web, key: str, name: uuid.UUID) -> str:
        answer = web.get(f"/api/export/{name}/download", key)
        if answer is None:
            return "cut off"
        if answer.status in GONE:
            return "gone"
        return self.judged(name, answer.body) if answer.status == 200 else f"answered {answer.status}"

    def through_service(self, principal: Principal, name: uuid.UUID) -> str:
        try:
            opened = service.open_file(service.get_export(name, principal), principal)
        except NotFound:
            return "gone"
        with opened.file as file:
            return self.judged(name, file.read())

    def judged(self, name: uuid.UUID, content: bytes) -> str:
        return "whole" if hashlib.sha256(content).hexdigest() == self.whole[name] else f"short: {len(content)} bytes"
