"""R6: a worker that was paused past its lease comes back to find its work taken, and publishes nothing."""

import signal

from exports.delivery import storage
from tests.processes import Process, wait_for

from .apps import PAUSE
from .cluster import Workers
from .exports import assert_published_once, ended, submit

REFUSED = "another worker has it, or it was stopped"


def test_worker_paused_past_its_lease_cannot_publish(workers: Workers) -> None:
    workers.start("high")
    export = submit(misbehaviour=PAUSE)
    zombie: Process = wait_for(lambda: next((p for p in workers.family() if p.state == "T"), None))
    wait_for(lambda: export.files.filter(attempts=2).exists())
    zombie.kill(signal.SIGCONT)
    wait_for(lambda: REFUSED in workers.log.read_text())
    assert export.files.get().state == "pending"
    wait_for(lambda: ended(export))
    assert_published_once(export)
    assert {path.name for path in storage.folder(export.public_id).iterdir()} == {
        storage.path(file.key).name for file in export.files.all()
    }
