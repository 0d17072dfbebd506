"""How large exports are cut: document 001, "Performance Benchmarks", and contracts.md, over HTTP."""

import hashlib
import json
import re

import pytest

from . import files, records

TABLE = [(100, "standard", 1), (1_000, "standard", 1), (5_000, "standard", 1)]
CUT = [
    (6_000, "complete", 3, 2_000),
    (10_000, "standard", 5, 2_000),
    (25_000, "detailed", 17, 1_500),
    (50_000, "complete", 50, 1_000),
]


@pytest.fixture(scope="module")
def exported(client):
    """Make each export of the table once."""
    made = {}

    def get(count, template):
        if (count, template) not in made:
            made[count, template] = client.export("participants", records.participants(count), template=template)
        return made[count, template]

    return get


@pytest.mark.parametrize(("count", "template", "expected"), TABLE)
def test_up_to_5000_records_are_one_file_and_no_strategy(client, exported, count, template, expected):
    answer = exported(count, template)
    assert "export_strategy" not in answer
    assert answer["data"]["record_count"] == count
    workbook = files.rows(client.download(answer["data"]["download_url"]))
    assert [row[0] for row in workbook] == ["ID", *range(1, count + 1)]


@pytest.mark.parametrize(("count", "template", "number", "size"), CUT)
def test_more_records_are_cut_as_the_table_says(exported, count, template, number, size):
    answer = exported(count, template)
    data = answer["data"]
    ranges = [(first, min(first + size - 1, count)) for first in range(1, count + 1, size)]
    assert (answer["export_strategy"], answer["message"]) == ("multi_file", "Large export completed successfully")
    assert (data["total_files"], data["total_records"], data["record_count"]) == (number, count, count)
    assert [
        (each["batch_number"], each["file_name"], each["record_range"], each["record_count"], each["export_id"])
        for each in data["individual_files"]
    ] == [
        (place, f"participants_batch_{place}_of_{number}.xlsx", f"{first}-{last}", last - first + 1, data["export_id"])
        for place, (first, last) in enumerate(ranges, start=1)
    ]
    assert data["archive"]["zip_file_name"] == data["file_name"] == "participants_complete_export.zip"
    assert data["archive"]["zip_file_size"] == data["file_size"]


def test_every_record_of_50000_is_in_one_of_the_50_files_once(client, exported):
    data = exported(50_000, "complete")["data"]
    members = files.unzipped(client.download(data["archive"]["download_url"]))
    del members["manifest.json"]
    assert list(members) == [each["file_name"] for each in data["individual_files"]]
    found = [int(row[0]) for member in members.values() for row in files.rows(member)[1:]]
    assert found == list(range(1, 50_001))


def test_manifest_says_what_the_zip_holds(client, exported):
    data = exported(6_000, "complete")["data"]
    members = files.unzipped(client.download(data["archive"]["download_url"]))
    manifest = json.loads(members.pop("manifest.json"))
    assert manifest["rows"] == 6_000
    assert [(file["name"], file["record_range"], file["size"], file["sha256"]) for file in manifest["files"]] == [
        (
            file["file_name"],
            file["record_range"],
            file["file_size"],
            hashlib.sha256(members[file["file_name"]]).hexdigest(),
        )
        for file in data["individual_files"]
    ]


def test_batch_is_the_same_file_alone_and_in_the_zip(client, exported):
    data = exported(6_000, "complete")["data"]
    members = files.unzipped(client.download(data["archive"]["download_url"]))
    for file in data["individual_files"]:
        alone = client.download(file["download_url"])
        assert alone == members[file["file_name"]]
        assert len(alone) == file["file_size"]


def test_download_of_a_split_export_is_its_zip_on_every_path(client, exported):
    public_id = exported(6_000, "complete")["data"]["export_id"]
    paths = [f"{prefix}/{public_id}/download" for prefix in ("/api/export", "/api/ybb/export")]
    found = {client.download(f"{path}{what}") for path in paths for what in ("", "/zip")}
    assert len(found) == 1
    answer = client.get(paths[0])
    assert answer.headers["Content-Type"] == "application/zip"
    assert answer.headers["Content-Disposition"] == 'attachment; filename="participants_complete_export.zip"'


def test_compression_ratio_is_the_share_saved_as_a_string(exported):
    ratio = exported(6_000, "complete")["data"]["archive"]["compression_ratio"]
    assert re.fullmatch(r"\d\d\.\d%", ratio)
    assert float(ratio.rstrip("%")) > 80


@pytest.mark.parametrize("resource", ["payments", "ambassadors"])
def test_batches_carry_the_name_of_their_resource(client, resource):
    data = client.export(resource, records.OF[resource](5_001), filename="Mine.xlsx")["data"]
    assert [file["file_name"] for file in data["individual_files"]] == [
        f"{resource}_batch_1_of_2.xlsx",
        f"{resource}_batch_2_of_2.xlsx",
    ]
    assert [file["record_range"] for file in data["individual_files"]] == ["1-3000", "3001-5001"]


def test_batch_size_of_the_options_is_no_file_size(client):
    options = {"include_related": True, "batch_size": 5000, "sort_by": "id", "sort_order": "asc"}
    data = client.export("participants", records.participants(6_000), template="complete", options=options)["data"]
    assert data["total_files"] == 3
