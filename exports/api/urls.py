"""Every address for machines."""

from collections.abc import Callable
from functools import partial
from typing import Any

from django.urls import URLPattern, path, re_path

from . import datasets, views
from .dialects.v1 import V1
from .dialects.ybb import Ybb
from .health import Health

_ybb = partial(views.speaking, Ybb())
_v1 = partial(views.speaking, V1())


def _downloads(prefix: str, view: Callable[..., Any]) -> list[URLPattern]:
    return [
        path(f"{prefix}/<str:export_id>/download", view(views.Download)),
        path(f"{prefix}/<str:export_id>/download/zip", view(views.Download, archive=True)),
        path(f"{prefix}/<str:export_id>/download/batch/<int:number>", view(views.Download)),
    ]


urlpatterns = [
    path("health", _ybb(Health)),
    path("api/ybb/templates", _ybb(views.Catalogue, part="templates")),
    path("api/ybb/templates/<str:resource>", _ybb(views.Catalogue, part="templates")),
    path("api/ybb/status-mappings", _ybb(views.Catalogue, part="status_mappings")),
    path("api/ybb/export/<str:export_id>/status", _ybb(views.ExportStatus)),
    *_downloads("api/ybb/export", _ybb),
    # What document 001 prints as download_url.
    *_downloads("api/export", _ybb),
    path("api/ybb/export/<str:resource>", _ybb(views.CreateExport)),
    path("api/v1/datasets", _v1(datasets.Datasets)),
    path("api/v1/datasets/<str:dataset_id>", _v1(datasets.OneDataset)),
    path("api/v1/datasets/<str:dataset_id>/close", _v1(datasets.Close)),
    path("api/v1/datasets/<str:dataset_id>/pieces/<int:number>", _v1(datasets.Piece)),
    path("api/v1/exports/<str:export_id>", _v1(views.ExportStatus)),
    *_downloads("api/v1/exports", _v1),
    path("api/v1/<str:resource>/export", _v1(views.CreateExport)),
    # The last: what no dialect knows.
    re_path(r"^api(?:/|$)", _ybb(views.UnknownAddress)),
]
