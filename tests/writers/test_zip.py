import io
import os
import zipfile

import pytest

from exports.writers import zip as zip_module
from exports.writers.unzip import members
from exports.writers.zip import ZipWriter

RANDOM = os.urandom(300_000)


def write(path, **contents):
    with path.open("w+b") as file:
        archive = ZipWriter(file)
        for name, (blocks, deflate) in contents.items():
            with archive.member(name, deflate=deflate) as member:
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


def test_failure_of_the_second_thread_reaches_the_caller():
    class Full(io.BytesIO):
        def write(self, block):
            if len(block) > 1000:
                raise OSError(28, "No space left on device")
            return super().write(block)

    archive = ZipWriter(Full())
    with pytest.raises(OSError, match="No space left"), archive.member("a", deflate=False) as member:
        member.write(RANDOM)
