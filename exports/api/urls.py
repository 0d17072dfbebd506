"""Every address for machines."""

from collections.abc import Callable
from functools import partial
from typing import Any

from django.urls import URLPattern, path, re_path

from . import actions, datasets, history, jobs, schedules, streams, templates, views, webhooks
from .dialects.jobs import Jobs
from .dialects.platform import Platform
from .dialects.v1 import V1
from .dialects.ybb import Ybb
from .health import Health
from .reference import views as reference

_ybb = partial(views.speaking, Ybb())
_platform = partial(views.speaking, Platform())
_jobs = partial(views.speaking, Jobs())
_v1 = partial(views.speaking, V1())


def _downloads(prefix: str, view: Callable[..., Any]) -> list[URLPattern]:
    return [
        path(f"{prefix}/<str:export_id>/download", view(views.Download)),
        path(f"{prefix}/<str:export_id>/download/zip", view(views.Download, archive=True)),
        path(f"{prefix}/<str:export_id>/download/batch/<int:number>", view(views.Download)),
    ]


urlpatterns = [
    path("health", _ybb(Health)),
    path("api/ybb/templates", _ybb(templates.YbbTemplates)),
    path("api/ybb/templates/<str:resource>", _ybb(templates.YbbTemplates)),
    path("api/ybb/status-mappings", _ybb(views.Catalogue, part="status_mappings")),
    path("api/ybb/export/<str:export_id>/status", _ybb(views.ExportStatus)),
    *_downloads("api/ybb/export", _ybb),
    # What document 001 prints as download_url.
    *_downloads("api/export", _ybb),
    path("api/ybb/export/<str:resource>", _ybb(views.CreateExport)),
    path("api/export", _platform(views.CreateExport)),
    path("api/export/queue/status", _platform(actions.QueueStatus)),
    path("api/export/stats", _platform(actions.Stats)),
    path("api/export/estimate", _platform(actions.EstimateExport)),
    path("api/export/<str:export_id>", _platform(actions.OneExport)),
    path("api/export/<str:export_id>/status", _platform(views.ExportStatus)),
    path("api/export/<str:export_id>/stream", _platform(streams.Stream)),
    path("api/export/<str:export_id>/chunks", _platform(actions.Chunks)),
    path("api/export/<str:export_id>/resume", _platform(actions.Resume)),
    path("api/templates", _platform(templates.Templates)),
    path("api/templates/<str:template_id>", _platform(templates.OneTemplate)),
    path("files/<str:token>", _platform(actions.SignedDownload)),
    path("streams/<str:token>", _platform(streams.SignedStream)),
    path("api/v1/datasets", _v1(datasets.Datasets)),
    path("api/v1/datasets/<str:dataset_id>", _v1(datasets.OneDataset)),
    path("api/v1/datasets/<str:dataset_id>/close", _v1(datasets.Close)),
    path("api/v1/datasets/<str:dataset_id>/pieces/<int:number>", _v1(datasets.Piece)),
    path("api/v1/webhooks", _v1(webhooks.Webhooks)),
    path("api/v1/webhooks/<str:webhook_id>", _v1(webhooks.OneWebhook)),
    path("api/v1/webhooks/<str:webhook_id>/rotate", _v1(webhooks.Rotate)),
    path("api/v1/webhooks/<str:webhook_id>/test", _v1(webhooks.Test)),
    path("api/v1/webhooks/<str:webhook_id>/deliveries", _v1(webhooks.Deliveries)),
    path("api/v1/webhooks/<str:webhook_id>/deliveries/<str:delivery_id>/redeliver", _v1(webhooks.Redeliver)),
    path("api/v1/import-export/exports", _jobs(jobs.ExportJobs)),
    path("api/v1/import-export/exports/<int:number>", _jobs(jobs.ExportJob)),
    path("api/v1/import-export/schedules", _jobs(schedules.Schedules)),
    path("api/v1/import-export/schedules/preview", _jobs(schedules.Preview)),
    path("api/v1/import-export/schedules/<int:number>", _jobs(schedules.OneSchedule)),
    path("api/v1/import-export/schedules/<int:number>/run", _jobs(schedules.Run)),
    path("api/v1/import-export/schedules/<int:number>/pause", _jobs(schedules.Pause)),
    path("api/v1/import-export/schedules/<int:number>/resume", _jobs(schedules.Resume)),
    path("api/v1/import-export/schedules/<int:number>/runs", _jobs(schedules.Runs)),
    path("api/v1/export-jobs/<int:number>/download", _jobs(jobs.JobDownload)),
    path("api/v1/exports", _v1(history.Exports)),
    path("api/v1/exports/<str:export_id>", _v1(views.ExportStatus)),
    path("api/v1/exports/<str:export_id>/stream", _v1(streams.Stream)),
    path("api/v1/exports/<str:export_id>/logs", _v1(history.Logs)),
    path("api/v1/exports/<str:export_id>/retry", _v1(history.Retry)),
    *_downloads("api/v1/exports", _v1),
    path("api/v1/<str:resource>/export", _v1(views.CreateExport)),
    path("api/schema", _v1(reference.Schema), name="api-schema"),
    path("api/docs", reference.docs, name="api-docs"),
    # The last: what nobody knows, in the words of whoever is likely to have asked.
    re_path(r"^api/v1/(?:import-export|export-jobs)(?:/|$)", _jobs(views.UnknownAddress)),
    re_path(r"^api/v1(?:/|$)", _v1(views.UnknownAddress)),
    re_path(r"^api(?:/|$)", _ybb(views.UnknownAddress)),
]
