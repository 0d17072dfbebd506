import pytest

from exports.exceptions import UnknownName
from exports.types import MEDIA_TYPES, Format, UploadFormat, upload_format


@pytest.mark.parametrize(
    ("media_type", "name", "format"),
    [
        ("application/json", "", "json"),
        ("application/x-ndjson", "", "ndjson"),
        ("text/csv", "", "csv"),
        ("Text/CSV; charset=utf-8", "", "csv"),
        ("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "", "xlsx"),
        ("", "records.csv", "csv"),
        ("", "records.2026.XLSX", "xlsx"),
        ("", "records.ndjson.gz", "ndjson"),
        ("application/gzip", "records.json.gz", "json"),
        ("application/vnd.ms-excel", "records.csv", "csv"),
        ("text/csv", "records.xlsx", "csv"),
    ],
)
def test_format_is_found(media_type, name, format):
    assert upload_format(media_type=media_type, name=name) is UploadFormat(format)


@pytest.mark.parametrize("format", [Format.CSV, Format.JSON, Format.NDJSON, Format.EXCEL])
def test_what_is_written_under_a_media_type_is_taken_under_it(format):
    assert upload_format(media_type=MEDIA_TYPES[format.extension]) == format.extension[1:]


@pytest.mark.parametrize(
    ("media_type", "name"),
    [("", ""), ("text/plain", ""), ("", "records"), ("", "csv"), ("", "records.xls"), ("", ".gz")],
)
def test_anything_else_is_refused_with_what_is_taken(media_type, name):
    with pytest.raises(UnknownName, match=r"\.csv, \.xlsx, \.json, \.ndjson, or with .* text/csv.*application/json"):
        upload_format(media_type=media_type, name=name)
