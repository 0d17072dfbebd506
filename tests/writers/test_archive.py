import hashlib
import json
import zipfile

import pytest

from exports.exceptions import VerificationFailed
from exports.writers.archive import ArchivedFile, verify_archive, write_archive

CONTENTS = {"a_1_of_2.xlsx": b"PK" * 5000, "a_2_of_2.csv": b"a,b\r\n" * 5000}


@pytest.fixture
def files(tmp_path):
    made = []
    for number, (name, content) in enumerate(CONTENTS.items()):
        path = tmp_path / name
        path.write_bytes(content)
        digest = hashlib.sha256(content).hexdigest()
        first = 1 + 2000 * number
        made.append(ArchivedFile(path=path, name=name, rows=2000, first_row=first, sha256=digest, size=len(content)))
    return made


def archive_of(tmp_path, files):
    with (tmp_path / "all.zip").open("w+b") as file:
        write_archive(file, files, title="Participants")
    return tmp_path / "all.zip"


def test_archive_holds_the_files_and_says_what_they_are(tmp_path, files):
    with zipfile.ZipFile(archive_of(tmp_path, files)) as archive:
        assert archive.testzip() is None
        assert {name: archive.read(name) for name in CONTENTS} == CONTENTS
        assert [info.compress_type for info in archive.infolist()][:2] == [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED]
        manifest = json.loads(archive.read("manifest.json"))
    assert (manifest["title"], manifest["rows"]) == ("Participants", 4000)
    assert [entry["record_range"] for entry in manifest["files"]] == ["1-2000", "2001-4000"]
    assert manifest["files"][0]["sha256"] == files[0].sha256


def test_archive_of_the_files_is_verified(tmp_path, files):
    path = archive_of(tmp_path, files)
    checked = verify_archive(path, files)
    assert (checked.size, checked.sha256) == (path.stat().st_size, hashlib.sha256(path.read_bytes()).hexdigest())


def test_missing_or_changed_file_is_found(tmp_path, files):
    with pytest.raises(VerificationFailed):
        verify_archive(archive_of(tmp_path, files[:1]), files)
    files[0].path.write_bytes(b"changed meanwhile")
    with pytest.raises(VerificationFailed):
        verify_archive(archive_of(tmp_path, files), files)
