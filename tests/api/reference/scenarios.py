"""Calls whose answers are the reference's examples: one for each answer of each operation."""

import json
from dataclasses import replace

from django.db import OperationalError

from exports import service
from exports.conf import conf
from exports.exceptions import BuildError, MemoryExceeded, StorageFull
from exports.models import ExportRequest, Notice
from exports.models.health import queue_health
from exports.types import Principal
from tests.made import made_export

YBB, PLATFORM, V1 = "/api/ybb/export", "/api/export", "/api/v1/exports"
UPLOADS, JOBS = "/api/v1/datasets", "/api/v1/import-export/exports"
PEOPLE = [{"id": 1, "first_name": "Siti", "last_name": "Rahma"}, {"id": 2, "first_name": "Wayan", "last_name": "Putra"}]
NAMED = [{"id": 1, "full_name": "Siti Rahma"}, {"id": 2, "full_name": "Wayan Putra"}]
FAILED = {"record_count": 1_000, "memory_exceeded": True, "suggested_chunk_size": 500}


class Scenarios:
    """``call(name, method, path, body)`` keeps the answer as an example under that name."""

    def __init__(self, call, client, monkeypatch):
        self.call, self.client, self.monkeypatch = call, client, monkeypatch

    def play(self):
        for name in dir(type(self)):
            if name.startswith("of_"):
                getattr(self, name)()

    def made(self, state="completed", dialect="platform", **values):
        catalogue = "ybb" if dialect == "ybb" else "platform"
        return made_export(state, client=self.client, dialect=dialect, catalogue=catalogue, **values)

    def failed(self, error, **values):
        export = self.made("processing", **values)
        export.mark_failed(error)
        return export

    def of_health(self):
        self.call("degraded", "GET", "/health")
        with self.monkeypatch.context() as patch:
            health = queue_health()
            lanes = tuple(replace(lane, canary_age=2.1) for lane in health.lanes)
            healthy = replace(health, lanes=lanes, silent=0)
            patch.setattr("exports.api.health.queue_health", lambda: healthy)
            self.call("healthy", "GET", "/health")

        def away():
            raise OperationalError

        with self.monkeypatch.context() as patch:
            patch.setattr("exports.api.health.queue_health", away)
            self.call("unhealthy", "GET", "/health")

    def of_ybb_catalogue(self):
        self.call("all", "GET", "/api/ybb/templates")
        self.call("one", "GET", "/api/ybb/templates/payments")
        self.call("codes", "GET", "/api/ybb/status-mappings")

    def of_ybb_creation(self):
        path = f"{YBB}/participants"
        self.call("one_file", "POST", path, {"data": PEOPLE, "template": "standard", "format": "excel"})
        self.call("being_made", "POST", path, {"data": PEOPLE}, HTTP_PREFER="respond-async")
        for name, error in (("failed", BuildError()), ("no_room", StorageFull())):
            with self.monkeypatch.context() as patch:
                self._create_failed(patch, name, path, {"data": PEOPLE}, error)
        with self.monkeypatch.context() as patch:
            patch.setattr("exports.service.submit", lambda spec: self.made(dialect="ybb", parts=3))
            self.call("many_files", "POST", path, {"data": PEOPLE})

    def _create_failed(self, patch, name, path, body, error):
        patch.setattr("exports.service.submit", lambda spec: self.failed(error))
        self.call(name, "POST", path, body)

    def of_ybb_status(self):
        self.call("one_file", "GET", f"{YBB}/{self.made(dialect='ybb').public_id}/status")
        self.call("many_files", "GET", f"{YBB}/{self.made(dialect='ybb', parts=3).public_id}/status")
        self.call("being_made", "GET", f"{YBB}/{self.made('processing', dialect='ybb', parts=2).public_id}/status")
        self.call("failed", "GET", f"{YBB}/{self.failed(MemoryExceeded(**FAILED), dialect='ybb').public_id}/status")

    def of_platform_creation(self):
        body = {"export_type": "participants", "data": NAMED, "template": "standard", "format": "csv"}
        self.call("one_file", "POST", PLATFORM, body)
        self.call("being_made", "POST", PLATFORM, body, HTTP_PREFER="respond-async")
        with self.monkeypatch.context() as patch:
            self._create_failed(patch, "failed", PLATFORM, body, MemoryExceeded(**FAILED))
            patch.setattr("exports.service.submit", lambda spec: self.made(parts=3))
            self.call("many_files", "POST", PLATFORM, body)
        self.call("numbers", "POST", f"{PLATFORM}/estimate", body)

    def of_platform_status(self):
        for name, export in {
            "one_file": self.made(),
            "compressed": self.made(strategy="compressed"),
            "many_files": self.made(parts=3),
            "being_made": self.made("processing", parts=2),
            "failed": self.failed(BuildError()),
        }.items():
            self.call(name, "GET", f"{PLATFORM}/{export.public_id}/status")

    def of_streams(self):
        waiting = self.made("queued", strategy="streaming")
        with self.monkeypatch.context() as patch:
            patch.setattr("exports.service.open_stream", lambda *arguments, **more: None)
            self.call("waiting", "GET", f"{PLATFORM}/{waiting.public_id}/stream")
            self.call("waiting", "GET", service.stream_link(waiting).removeprefix(conf.public_url))
            self.call("waiting", "GET", f"{V1}/{waiting.public_id}/stream")
        # Ten at once are all that dialect ybb allows.
        waiting.mark_cancelled(Principal())

    def of_platform_actions(self):
        self.call("under_way", "GET", f"{PLATFORM}/queue/status")
        self.call("totals", "GET", f"{PLATFORM}/stats")
        self.call("ready", "GET", f"{PLATFORM}/{self.made(parts=2).public_id}/chunks")
        self.call("under_way", "GET", f"{PLATFORM}/{self.made('processing', parts=2).public_id}/chunks")
        self.call("all", "GET", "/api/templates")
        self.call("deleted", "DELETE", f"{PLATFORM}/{self.made().public_id}")
        wanted = {"export_type": "tickets", "template": "board", "fields": ["ticket_code", "subject"]}
        made = self.call("made", "POST", "/api/templates", wanted).json()
        self.call("changed", "POST", "/api/templates", {**wanted, "headers": ["Ticket", "About"]})
        self.call("own", "GET", f"/api/templates/{made['template_id']}")
        self.call("gone", "DELETE", f"/api/templates/{made['template_id']}")
        again = self.failed(BuildError(), parts=2, staged_bytes=1)
        self.call("goes_on", "POST", f"{PLATFORM}/{again.public_id}/resume")

    def of_v1(self):
        path = "/api/v1/tickets/export"
        body = {"data": [{"id": 1, "subject": "Printer"}], "columns": ["id", "subject"], "format": "csv"}
        self.call("dry_run", "POST", path, {**body, "dry_run": True})
        self.call("queued", "POST", path, {**body, "async": True})
        with self.monkeypatch.context() as patch:
            self._create_failed(patch, "failed", path, body, BuildError())
        self.call("page", "GET", f"{V1}?status=completed&per_page=2")
        self.call("completed", "GET", f"{V1}/{self.made(dialect='v1').public_id}")
        self.call("processing", "GET", f"{V1}/{self.made('processing', dialect='v1').public_id}")
        failed = self.failed(BuildError(), dialect="v1", staged_bytes=1)
        self.call("events", "GET", f"{V1}/{failed.public_id}/logs")
        with self.monkeypatch.context() as patch:
            patch.setattr("exports.service.retry", lambda export, principal: self.made("queued", dialect="v1"))
            self.call("again", "POST", f"{V1}/{failed.public_id}/retry")

    def of_uploads(self):
        upload = self.call("begun", "POST", UPLOADS, {"resource": "tickets"}).json()["dataset_id"]
        piece = json.dumps([{"id": 1, "subject": "Printer", "mood": "bad"}]).encode()
        self.call("new", "PUT", f"{UPLOADS}/{upload}/pieces/1", piece)
        self.call("known", "PUT", f"{UPLOADS}/{upload}/pieces/1", piece)
        self.call("open", "GET", f"{UPLOADS}/{upload}")
        self.call("closed", "POST", f"{UPLOADS}/{upload}/close", {"pieces": 1})
        self.call("gone", "DELETE", f"{UPLOADS}/{upload}")

    def of_webhooks(self):
        path = "/api/v1/webhooks"
        with self.monkeypatch.context() as patch:
            patch.setattr("exports.delivery.targets.addresses", lambda target: [])
            made = self.call("made", "POST", path, {"url": "https://example.org/hooks/exports"}).json()
        one = f"{path}/{made['webhook_id']}"
        self.call("page", "GET", path)
        self.call("active", "GET", one)
        self.call("paused", "PATCH", one, {"status": "paused"})
        self.call("active", "PATCH", one, {"status": "active"})
        self.call("new_secret", "POST", f"{one}/rotate")
        delivery = self.call("on_its_way", "POST", f"{one}/test").json()["delivery_id"]
        Notice.objects.claim_next().note(seconds=0.12, status=503, error="HTTP 503", again_at=None)
        self.call("page", "GET", f"{one}/deliveries")
        self.call("again", "POST", f"{one}/deliveries/{delivery}/redeliver")
        self.call("gone", "DELETE", one)

    def of_schedules(self):
        path = "/api/v1/import-export/schedules"
        with self.monkeypatch.context() as patch:
            patch.setattr("exports.service.submit", lambda spec: self.made("queued", dialect="jobs"))
            made = self.call("made", "POST", path, {"export_type": "students", "frequency": "daily"}).json()["data"]
            one = f"{path}/{made['id']}"
            job = self.call("job", "POST", f"{one}/run").json()["data"]
        ExportRequest.objects.get(pk=job["id"]).mark_cancelled(Principal())
        self.call("page", "GET", path)
        self.call("meaning", "POST", f"{path}/preview", {"frequency": "cron", "cron": "0 7 * * 1-5"})
        self.call("active", "GET", one)
        self.call("renamed", "PATCH", one, {"name": "Students every night"})
        self.call("paused", "POST", f"{one}/pause")
        self.call("active", "POST", f"{one}/resume")
        self.call("page", "GET", f"{one}/runs")
        self.call("gone", "DELETE", one)

    def of_jobs(self):
        body = {"export_type": "students", "export_format": "csv", "data": [{"id": 1}]}
        self.call("pending", "POST", JOBS, body)
        self.call("page", "GET", f"{JOBS}?status=completed&per_page=2")
        self.call("completed", "GET", f"{JOBS}/{self.made(dialect='jobs').pk}")
        self.call("failed", "GET", f"{JOBS}/{self.failed(BuildError(), dialect='jobs').pk}")
