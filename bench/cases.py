"""What is measured, and which figure of it each target asks for."""

from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from functools import partial
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path

from .inputs import Inputs
from .measure import Contender, Result, Run, in_process, whole_process
from .portal import Posts

SLOW = 200_000
"""Records the writers that hold a file in Python objects are asked for at most."""
OLD_SERVICE_SECONDS = 23.6
"""Published with the targets for the service that this portal replaces; it cannot be run here."""


@dataclass(frozen=True)
class Target:
    """A figure that is promised."""

    work: str
    required: float
    aim: float
    figure: Callable[[list[Result]], float]
    """What was measured, from the results of the target's case."""
    unit: str = "x faster"

    def met(self, measured: float) -> bool:
        """Tell whether a figure keeps the promise; only of speed more is better."""
        return measured >= self.required if self.unit == "x faster" else measured <= self.required


@dataclass(frozen=True)
class Case:
    """Contenders that do the same work, at one or more numbers of records."""

    name: str
    title: str
    contenders: Sequence[Contender]
    counts: Sequence[int]
    """The first ones are those of ``--quick``, where ``quick`` says how many."""
    targets: Sequence[Target] = ()
    quick: int = 1
    note: str = ""
    draws_size: bool = False
    """Whether its chart shows how large the files are, not how long they took."""


def cases(stack: ExitStack, folder: Path) -> list[Case]:
    """Return every case; a portal that a case starts ends with ``stack``."""
    own = [_records(), _staged(), _size(), _csv(), _command(), _million()]
    pdf = import_module("bench.pdf").cases() if find_spec("exports.writers.pdf") else []
    pull, upload = import_module("bench.pull").cases(stack), import_module("bench.upload").cases()
    return [*own, *pull, *upload, *pdf, *_http(stack, folder)]


def faster(mine: str, theirs: str, count: int) -> Callable[[list[Result]], float]:
    """Return the figure of how many times faster one contender is than another."""
    return lambda results: _pick(results, mine, count).times_faster_than(_pick(results, theirs, count))


def _pick(results: list[Result], title: str, count: int) -> Result:
    return next(result for result in results if (result.title, result.count) == (title, count))


_WARM_UP = 50_000
"""Records a process has written before, as a worker has that lives on: its memory is there, its modules are loaded."""
_warm = partial(in_process, warm_up=_WARM_UP)

OURS, OPENPYXL, NATIVE, CSV, FLOOR = "ours", "openpyxl write-only", "rust_xlsxwriter (native)", "csv module", "floor"
WRITERS = (
    Contender(OPENPYXL, _warm("contenders:openpyxl"), SLOW),
    Contender(NATIVE, _warm("contenders:native")),
)
OTHERS = (
    Contender("XlsxWriter constant_memory", _warm("contenders:xlsxwriter"), SLOW),
    Contender("PyExcelerate", _warm("contenders:pyexcelerate"), SLOW),
)


def _records() -> Case:
    return Case(
        "records",
        "Workbook from decoded records (dicts in memory)",
        (Contender(OURS, _warm("contenders:ours_from_records")), *WRITERS, *OTHERS),
        (50_000, 1_000, 10_000, 200_000, 1_000_000),
        (
            Target("50,000 x 15 from records, against openpyxl write-only", 9, 13, faster(OURS, OPENPYXL, 50_000)),
            Target("50,000 x 15 from records, against native", 1.1, 1.5, faster(OURS, NATIVE, 50_000)),
        ),
    )


def _staged() -> Case:
    return Case(
        "staged",
        "Workbook from staged columns",
        (
            Contender(OURS, _warm("contenders:ours_staged")),
            *WRITERS,
            Contender(FLOOR, _warm("contenders:floor")),
        ),
        (50_000, 200_000),
        (
            Target("50,000 x 15 staged, against openpyxl write-only", 13, 20, faster(OURS, OPENPYXL, 50_000)),
            Target("50,000 x 15 staged, against native", 1.5, 2.3, faster(OURS, NATIVE, 50_000)),
            Target("against the floor: isal alone on the same XML", 3, 2, faster(FLOOR, OURS, 50_000), "x as long"),
        ),
        note="The floor deflates the finished sheet of ours with isal and does nothing else.",
    )


def _size() -> Case:
    def ratio(results: list[Result]) -> float:
        return _pick(results, OURS, 50_000).size / _pick(results, OPENPYXL, 50_000).size

    return Case(
        "size",
        "File size with the same content: times as times, codes under their labels",
        (
            Contender(OURS, _warm("contenders:ours_staged")),
            Contender(OPENPYXL, _warm("contenders:openpyxl_typed")),
        ),
        (50_000,),
        (Target("50,000 x 15, size against openpyxl's", 1.2, 1.0, ratio, "x as large"),),
        draws_size=True,
    )


def _csv() -> Case:
    return Case(
        "csv",
        "CSV from staged columns",
        (
            Contender(OURS, _warm("contenders:ours_csv")),
            Contender(CSV, _warm("contenders:csv_module")),
        ),
        (50_000, 200_000, 1_000_000),
        (Target("1,000,000 x 15 CSV, against the csv module", 5, 7, faster(OURS, CSV, 1_000_000)),),
    )


def _command() -> Case:
    def child(function: str) -> Callable[[Inputs, Path], Run]:
        return whole_process(
            "-m", "bench.child", f"contenders:{function}!", "{inputs.folder}", "{inputs.count}", "{output}"
        )

    ours = ("manage.py", "export", "participants", "--template=complete", "--input={inputs.json}", "--output={output}")
    return Case(
        "command",
        "JSON file to workbook, whole process",
        (
            Contender(OURS, whole_process(*ours)),
            Contender(OPENPYXL, child("json_openpyxl"), SLOW),
            Contender(NATIVE, child("json_native")),
        ),
        (50_000, 200_000),
        (
            Target("200,000 x 15 JSON to xlsx, process, against openpyxl", 6, 10, faster(OURS, OPENPYXL, 200_000)),
            Target("200,000 x 15 JSON to xlsx, process, against native", 1, 1.5, faster(OURS, NATIVE, 200_000)),
        ),
        note="Ours verifies the file besides: reads it back, inflates it, counts rows and compares check sums.",
    )


def _million() -> Case:
    def growth(results: list[Result]) -> float:
        return 1 / _pick(results, OURS, 1_000_000).times_faster_than(_pick(results, OURS, 100_000))

    return Case(
        "million",
        "Memory: 1,000,000 x 15 from staged columns to xlsx",
        (Contender(OURS, _warm("contenders:ours_staged")),),
        (100_000, 1_000_000),
        (
            Target("1,000,000 x 15, peak memory (VmHWM)", 600, 400, lambda results: results[-1].peak / 2**20, "MiB"),
            Target("ten times the rows", 11, 10, growth, "x as long"),
        ),
        quick=0,
    )


def _http(stack: ExitStack, folder: Path) -> list[Case]:
    posts = Posts(stack, folder)

    def old(results: list[Result]) -> float:
        return OLD_SERVICE_SECONDS / _pick(results, OURS, 50_000).seconds

    to_zip = Case(
        "http",
        "POST 50,000 records, all columns, until the ZIP of 50 workbooks is in hand",
        (Contender(OURS, posts.for_zip), WRITERS[0]),
        (50_000,),
        (
            Target("POST to ZIP, against openpyxl alone", 3.5, 6, faster(OURS, OPENPYXL, 50_000)),
            Target("POST to ZIP, against the old service's published 23.6 s", 20, 40, old),
        ),
        note="Through gunicorn, queue and workers as `bin/run` starts them; openpyxl only writes one file in memory.",
    )
    to_answer = Case(
        "answer",
        "POST 3 records until the answer with the file",
        (Contender(OURS, posts.for_answer),),
        (3,),
        (Target("POST 3 records, durable", 60, 30, lambda results: results[0].seconds * 1000, "ms"),),
    )
    return [to_zip, to_answer]
