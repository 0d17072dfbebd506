"""Every address for machines."""

from typing import Any

from django.urls import URLPattern, path, re_path

from . import views
from .dialects.ybb import Ybb
from .health import Health

YBB = Ybb()


def _ybb(view: type[views.DialectView], **attributes: Any) -> Any:
    return view.as_view(dialect=YBB, **attributes)


def _downloads(prefix: str) -> list[URLPattern]:
    return [
        path(f"{prefix}/<str:export_id>/download", _ybb(views.Download)),
        path(f"{prefix}/<str:export_id>/download/zip", _ybb(views.Download, archive=True)),
        path(f"{prefix}/<str:export_id>/download/batch/<int:number>", _ybb(views.Download)),
    ]


urlpatterns = [
    path("health", _ybb(Health)),
    path("api/ybb/templates", _ybb(views.Catalogue, part="templates")),
    path("api/ybb/templates/<str:resource>", _ybb(views.Catalogue, part="templates")),
    path("api/ybb/status-mappings", _ybb(views.Catalogue, part="status_mappings")),
    path("api/ybb/export/<str:export_id>/status", _ybb(views.ExportStatus)),
    *_downloads("api/ybb/export"),
    # What document 001 prints as download_url.
    *_downloads("api/export"),
    path("api/ybb/export/<str:resource>", _ybb(views.CreateExport)),
    # The last: what no dialect knows.
    re_path(r"^api(?:/|$)", _ybb(views.UnknownAddress)),
]
