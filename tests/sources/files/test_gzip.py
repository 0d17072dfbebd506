import gzip
import io
import zlib

import pytest

from exports.exceptions import InvalidFile, TooManyBytes
from exports.sources.files import inflated

CONTENT = b"".join(b"%d,Ana\n" % row for row in range(200_000))
PACKED = gzip.compress(CONTENT)


@pytest.mark.parametrize("packed", [PACKED, gzip.compress(CONTENT[:7]) + gzip.compress(CONTENT[7:])])
def test_what_was_packed_comes_out(packed):
    assert inflated(io.BytesIO(packed), len(CONTENT)).read() == CONTENT


@pytest.mark.parametrize(
    "packed",
    [
        PACKED[:-1],
        PACKED[: len(PACKED) // 2],
        PACKED[:5],
        PACKED[:-8] + bytes(8),
        PACKED[:1000] + b"\x00" + PACKED[1001:],
        PACKED + b"more",
        b"id,name\n1,Ana\n",
        zlib.compress(CONTENT),
    ],
    ids=["a byte short", "cut", "header cut", "check sum", "a byte changed", "more behind it", "no gzip", "zlib"],
)
def test_damaged_file_is_refused(packed):
    with pytest.raises(InvalidFile, match="The gzip file is damaged or cut"):
        inflated(io.BytesIO(packed), 1 << 30).read()


def test_bomb_is_refused_before_it_has_gone_off():
    bomb = gzip.compress(bytes(1 << 20)) * 2_000
    packed = io.BytesIO(bomb)
    with pytest.raises(TooManyBytes, match="more than 1,048,576 bytes"):
        inflated(packed, 1 << 20).read()
    assert packed.tell() < len(bomb)


def test_records_are_read_from_inside(read):
    packed = gzip.compress(b"id,name\n1,Ana\n")
    assert read(inflated(io.BytesIO(packed), 100), "csv") == [("1", "Ana", None)]


def test_failure_of_the_disk_is_no_fault_of_the_file():
    class Broken(io.RawIOBase):
        def readable(self):
            return True

        def readinto(self, buffer):
            raise OSError(5, "Input/output error")

    with pytest.raises(OSError, match="Input/output error"):
        inflated(io.BufferedReader(Broken()), 1 << 30).read()
