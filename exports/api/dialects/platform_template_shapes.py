"""The shapes of templates in dialect ``platform`` (document 002, "Template System")."""

from typing import Literal, NotRequired, TypedDict

from .base import Count, Id, Moment


class Template(TypedDict):
    """A choice of columns under a name; one that a caller made has an ID and can be changed and sent back."""

    export_type: str
    template: str
    description: str
    fields: list[str]
    headers: list[str]
    include_related: list[str]
    max_records_single_file: Count | None
    recommended_chunk_size: Count
    includes_sensitive_data: bool
    version: str | int
    custom: bool
    template_id: NotRequired[Id]
    catalogue: NotRequired[str]
    empty: NotRequired[str]
    csv_delimiter: NotRequired[str]
    number_formats: NotRequired[dict[str, str]]
    keys: NotRequired[dict[str, str]]
    about_sheet: NotRequired[bool | None]
    related: NotRequired[str]
    created_at: NotRequired[Moment]


class TemplatesData(TypedDict):
    """The same once more, where PHP looks for data."""

    templates: dict[str, Template]


class Templates(TypedDict):
    """Templates by resource and name: ``participants_standard``."""

    status: Literal["success"]
    templates: dict[str, Template]
    data: TemplatesData


class TemplateKept(TypedDict):
    """A template of the caller's as it is now."""

    status: Literal["success"]
    message: str
    template_id: Id
    data: Template


class Versioned(Template):
    """A template with what it said before."""

    versions: list[Template]


class OneTemplate(TypedDict):
    """A template of the caller's, with its last versions, the newest first."""

    status: Literal["success"]
    data: Versioned


class TemplateDeletedData(TypedDict):
    """What was deleted."""

    template_id: Id
    template: str


class TemplateDeleted(TypedDict):
    """Nobody can choose it any more; exports that were made with it keep it."""

    status: Literal["success"]
    message: str
    data: TemplateDeletedData
