import io
import os
import zipfile
import zlib

import pytest

from exports.exceptions import VerificationFailed
from exports.writers import zip as zip_module
from exports.writers.unzip import members
from exports.writers.zip import ZipWriter

RANDOM = os.urandom(300_000)


def write(path, **contents):
    with path.open("w+b") as file:
        archive = ZipWriter(file)
        for name, (blocks, deflate) in contents.items():
            if not deflate:
                content = b"".join(blocks)
                archive.store(name, blocks, size=len(content), crc=zlib.crc32(content))
                continue
            with archive.member(name) as member:
                for block in blocks:
                    member.write(block)
        archive.close()


@pytest.mark.parametrize("deflate", [True, False])
@pytest.mark.parametrize("blocks", [[], [b""], [b"a"], [b"abc" * 10_000] * 7, [RANDOM, memoryview(RANDOM)]])
def test_standard_library_reads_it(tmp_path, blocks, deflate):
    write(tmp_path / "z", first=(blocks, deflate), empty=([], True))
    with zipfile.ZipFile(tmp_path / "z") as archive:
        assert archive.testzip() is None
        assert archive.read("first") == b"".join(blocks)
        assert archive.namelist() == ["first", "empty"]
    assert {name: b"".join(content) for name, content in members(tmp_path / "z")} == {
        "first": b"".join(blocks),
        "empty": b"",
    }


def test_sizes_beyond_32_bits_take_zip64(tmp_path, monkeypatch):
    monkeypatch.setattr(zip_module, "_BIG", 1000)
    write(tmp_path / "z", small=([b"s"], True), big=([RANDOM], True), last=([b"l"], False))
    with zipfile.ZipFile(tmp_path / "z") as archive:
        # The patched limit is no real one, so the standard library reads the true sizes only from real 64-bit fields.
        assert archive.namelist() == ["small", "big", "last"]
    assert zip_module._EXTRA.size == 20


def test_file_is_written_from_front_to_back(tmp_path):
    class Pipe(io.RawIOBase):
        """Takes bytes and nothing else."""

        def __init__(self):
            self.taken = []

        def write(self, block):
            self.taken.append(bytes(block))

    pipe = Pipe()
    archive = ZipWriter(pipe)
    with archive.member("deflated") as member:
        member.write(RANDOM)
    archive.store("stored", [RANDOM], size=len(RANDOM), crc=zlib.crc32(RANDOM))
    archive.add("small", b"s")
    size, crc = archive.close()
    whole = b"".join(pipe.taken)
    assert (size, crc) == (len(whole), zlib.crc32(whole))
    with zipfile.ZipFile(io.BytesIO(whole)) as read:
        assert read.testzip() is None
        # Java's ZipInputStream and others that stream refuse a stored member whose sizes follow.
        assert [bool(info.flag_bits & 8) for info in read.infolist()] == [True, False, False]


def test_every_byte_that_says_what_a_member_is_is_checked(tmp_path):
    write(tmp_path / "z", first=([b"abc"], True))
    good = (tmp_path / "z").read_bytes()
    with zipfile.ZipFile(tmp_path / "z") as archive:
        end = 30 + len("first") + archive.getinfo("first").compress_size
    for place in [*range(4), 6, 7, *range(14, 18), *range(end, end + 8)]:
        (tmp_path / "z").write_bytes(good[:place] + bytes([good[place] ^ 0x20]) + good[place + 1 :])
        with pytest.raises(VerificationFailed):
            print([list(content) for _, content in members(tmp_path / "z")])


def test_failure_of_the_second_thread_reaches_the_caller():
    class Full(io.BytesIO):
        def write(self, block):
            if len(block) > 1000:
                raise OSError(28, "No space left on device")
            return super().write(block)

    archive = ZipWriter(Full())
    with pytest.raises(OSError, match="No space left"), archive.member("a") as member:
        member.write(RANDOM)
