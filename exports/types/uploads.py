"""What a file of records is, before anything in it is read."""

from enum import StrEnum

from exports.exceptions import UnknownName


class UploadFormat(StrEnum):
    """A format that records are taken in; each may come inside gzip."""

    CSV = "csv"
    XLSX = "xlsx"
    JSON = "json"
    NDJSON = "ndjson"


UPLOAD_MEDIA_TYPES = {
    "text/csv": UploadFormat.CSV,
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": UploadFormat.XLSX,
    "application/json": UploadFormat.JSON,
    "application/x-ndjson": UploadFormat.NDJSON,
}


def upload_format(*, media_type: str = "", name: str = "") -> UploadFormat:
    """Return the format of a file by its media type or else, where that says nothing, by the ending of its name.

    Parameters of the media type and an ending ``.gz`` are looked past. Raises UnknownName, which lists what is taken.
    """
    told = media_type.partition(";")[0].strip().lower()
    # Browsers on Windows call a CSV file application/vnd.ms-excel, and many programs anything application/octet-stream.
    ending = name.lower().removesuffix(".gz").rpartition(".")[2] if "." in name else ""
    if told in UPLOAD_MEDIA_TYPES:
        return UPLOAD_MEDIA_TYPES[told]
    if ending in set(UploadFormat):
        return UploadFormat(ending)
    endings, types = ", ".join(f".{each}" for each in UploadFormat), ", ".join(UPLOAD_MEDIA_TYPES)
    raise UnknownName(
        f"Files of records are taken as {endings}, or with one of the media types {types}; this one is "
        f"'{name or media_type}'.",
        name=name or media_type,
        known=[*UploadFormat],
    )
