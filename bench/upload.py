"""Records of an upload made into durable columns, as the web server does when a piece arrives."""

from pathlib import Path
from typing import Any

from .cases import OURS, Case
from .contenders import Work
from .inputs import RESOURCE, Inputs, django
from .measure import Contender, in_process


def cases() -> list[Case]:
    """Return the cases of this module."""
    return [
        Case(
            "upload",
            "Upload of NDJSON, in process",
            (
                Contender(OURS, in_process("upload:ours", warm_up=50_000)),
                Contender("floor: msgspec into dicts", in_process("upload:floor", warm_up=50_000)),
            ),
            (50_000, 200_000),
            note="Ours types and checks the values and keeps them on disk; the floor decodes each line and forgets it.",
        )
    ]


def ours(inputs: Inputs) -> Work:
    """Make the file a piece of an upload."""
    django()
    from exports import datasets
    from exports.types import UploadFormat

    dataset, path = _begun(), inputs.ndjson

    def work(_: Path) -> None:
        with path.open("rb") as file:
            piece, _is_new = datasets.add_piece(dataset, 1, file, UploadFormat.NDJSON)
        assert piece.record_count == inputs.count

    return work


def floor(inputs: Inputs) -> Work:
    """Decode each line into a dict, and nothing else."""
    import msgspec

    path, decode = inputs.ndjson, msgspec.json.Decoder().decode

    def work(_: Path) -> None:
        with path.open("rb") as file:
            for line in file:
                decode(line)

    return work


def _begun() -> Any:
    from django.core.management import call_command

    from exports import datasets
    from exports.types import Principal

    call_command("migrate", verbosity=0)
    return datasets.create(Principal(), "ybb", RESOURCE)
