import dataclasses
import hashlib
import json
import zipfile
import zlib

import polars as pl
import pytest

from exports.exceptions import UnknownName, VerificationFailed
from exports.writers import reading_class, writer_class
from exports.writers.verify import verify

KINDS = {"name": "text", "n": "integer", "day": "date"}
BODY = json.dumps([{"name": f"Ana {n}", "n": n, "day": "2024-01-15"} for n in range(50)]).encode()
FORMATS = pytest.mark.parametrize("format", ["excel", "csv", "json", "ndjson", "pdf", "xlsx.gz", "csv.gz"])


@FORMATS
def test_good_file_has_its_size_and_digest(export, format):
    made = export(format, KINDS, BODY)
    content = made.path.read_bytes()
    for deep in (False, True):
        checked = made.verify(deep=deep)
        assert (checked.size, checked.sha256) == (len(content), hashlib.sha256(content).hexdigest())


@FORMATS
def test_any_tampered_byte_is_found(export, format):
    made = export(format, KINDS, BODY)
    good = made.path.read_bytes()
    for place in range(0, len(good), 7):
        made.path.write_bytes(good[:place] + bytes([good[place] ^ 0x20]) + good[place + 1 :])
        with pytest.raises(VerificationFailed):
            made.verify(deep=False)


def test_damaged_member_is_found_by_its_own_check_sum(export):
    made = export("excel", KINDS, BODY)
    good, first = made.path.read_bytes(), first_member(made.path)
    places = range(200, good.index(b"PK\x03\x04", 1), 7)
    harmless = 0
    for place in places:
        bad = good[:place] + bytes([good[place] ^ 0x20]) + good[place + 1 :]
        made.path.write_bytes(bad)
        made.written = dataclasses.replace(made.written, file_crc=zlib.crc32(bad))
        # Between two deflate blocks lie a few bits that mean nothing.
        if first_member(made.path) == first:
            harmless += 1
        else:
            with pytest.raises(VerificationFailed):
                made.verify(deep=False)
    assert harmless < len(places) / 50


def first_member(path):
    with zipfile.ZipFile(path) as archive:
        try:
            return archive.read(archive.infolist()[0])
        except (zipfile.BadZipFile, zlib.error, EOFError):
            return None


@FORMATS
@pytest.mark.parametrize("cut", [1, 10, 100])
def test_truncated_file_is_found(export, format, cut):
    made = export(format, KINDS, BODY)
    made.path.write_bytes(made.path.read_bytes()[:-cut])
    with pytest.raises(VerificationFailed):
        made.verify(deep=False)


@FORMATS
def test_bytes_before_and_after_are_found(export, format):
    made = export(format, KINDS, BODY)
    good = made.path.read_bytes()
    for bad in (b"x" + good, good + b"x,1,2\r\n"):
        made.path.write_bytes(bad)
        with pytest.raises(VerificationFailed):
            made.verify(deep=False)


@FORMATS
def test_wrong_count_of_rows_is_found(export, format):
    made = export(format, KINDS, BODY)
    made.written = dataclasses.replace(made.written, rows=51)
    with pytest.raises(VerificationFailed, match="50 rows, but 51"):
        made.verify(deep=False)


@FORMATS
@pytest.mark.parametrize(
    "change",
    [
        pl.col("name").str.replace("Ana 7", "Eva 7"),
        pl.col("n").replace({"7": "8"}),
        pl.col("day").dt.offset_by("1d"),
        pl.when(pl.col("n") == "7").then(None).otherwise(pl.col("name")).alias("name"),
    ],
)
def test_one_wrong_cell_is_found(export, format, change):
    made = export(format, KINDS, BODY)
    wrong = [rows.with_columns(change) for rows in made.slices()]
    with pytest.raises(VerificationFailed, match="column"):
        verify(made.path, made.format, made.written, made.layout, wrong)


@FORMATS
def test_missing_and_surplus_rows_are_found(export, format):
    made = export(format, KINDS, BODY)
    rows = next(made.slices())
    for wrong in ([rows.head(49)], [rows, rows.head(1)]):
        with pytest.raises(VerificationFailed):
            verify(made.path, made.format, made.written, made.layout, wrong)


@pytest.mark.parametrize("find", [writer_class, reading_class])
def test_unknown_format_is_named(find):
    with pytest.raises(UnknownName, match="'tar'"):
        find("tar")
