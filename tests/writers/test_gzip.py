import dataclasses
import gzip
import json
import zlib

import pytest

from exports.exceptions import LimitExceeded, VerificationFailed
from exports.types import Column, Field, Layout
from exports.writers import GZIPPED, writer_class

KINDS = {"name": "text", "n": "integer"}
BODY = json.dumps([{"name": f"Ana {n}", "n": n} for n in range(500)]).encode()


@pytest.mark.parametrize(("packed", "plain"), GZIPPED.items())
def test_file_inside_is_the_one_the_plain_writer_makes(export, packed, plain):
    made, inside = export(packed, KINDS, BODY, size=99), export(plain, KINDS, BODY, size=99)
    assert made.path.name == inside.path.name + ".gz"
    content = gzip.decompress(made.path.read_bytes())
    if plain == "excel":
        # Its properties hold the time of day.
        assert len(content) == pytest.approx(inside.written.file_size, abs=20)
    else:
        assert content == inside.path.read_bytes()
    assert made.written.content_size == inside.written.content_size
    assert (made.written.rows, made.written.file_size) == (500, made.path.stat().st_size)
    made.verify()


def test_nothing_is_left_beside_the_file(export):
    made = export("xlsx.gz", KINDS, BODY)
    made.verify()
    assert list(made.path.parent.iterdir()) == [made.path]


@pytest.mark.parametrize("format", ["xlsx.gz", "csv.gz"])
def test_damage_is_found_by_the_check_sums_inside(export, format):
    made = export(format, KINDS, BODY)
    good = made.path.read_bytes()
    bad_files = [good[:place] + bytes([good[place] ^ 0x20]) + good[place + 1 :] for place in range(10, len(good), 37)]
    damaged = [bad for bad in bad_files if not holds_the_same(bad, good)]
    assert len(damaged) > len(bad_files) * 0.9
    for bad in [*damaged, good[:-4], good + b"x", good + good]:
        made.path.write_bytes(bad)
        made.written = dataclasses.replace(made.written, file_size=len(bad), file_crc=zlib.crc32(bad))
        with pytest.raises(VerificationFailed):
            made.verify(deep=False)


def holds_the_same(bad, good):
    """Deflate has bits that mean nothing, such as those that fill the last byte: no check sum inside can tell."""
    try:
        return gzip.decompress(bad) == gzip.decompress(good)
    except (OSError, EOFError, zlib.error):
        return False


def test_limits_and_warnings_are_those_of_the_format_inside(export, tmp_path):
    made = export("xlsx.gz", {"name": "text"}, json.dumps([{"name": "x" * 32_768}]).encode())
    assert [warning.code for warning in made.written.warnings] == ["cell_cut"]
    layout = Layout(columns=(Column(field=Field(name="a", label="a"), header="A"),) * 16_385)
    with (tmp_path / "x").open("w+b") as file, pytest.raises(LimitExceeded, match="16,384 columns"):
        writer_class("xlsx.gz")(file, layout)
