"""What each finished export cost: kept when the export itself is long gone."""

from typing import TYPE_CHECKING, Self

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from .request import ExportRequest


class ExportAnalytics(models.Model):
    """One row an export, with the columns that document 000 ("Export Analytics") logs, plus speed and sizes."""

    export = models.OneToOneField(
        "exports.ExportRequest",
        verbose_name=_("export"),
        null=True,
        on_delete=models.SET_NULL,
        related_name="analytics",
    )
    program_id = models.BigIntegerField(_("program"), null=True, blank=True)
    export_type = models.CharField(_("resource"), max_length=64)
    template = models.CharField(_("template"), max_length=64)
    format = models.CharField(_("format"), max_length=16)
    dialect = models.CharField(_("dialect"), max_length=16)
    state = models.CharField(_("state"), max_length=16)
    record_count = models.PositiveBigIntegerField(_("rows"))
    file_count = models.PositiveIntegerField(_("files"))
    file_size = models.PositiveBigIntegerField(_("download size"), help_text=_("Bytes the caller downloads."))
    content_size = models.PositiveBigIntegerField(_("uncompressed size"), help_text=_("Bytes before compression."))
    processing_time = models.FloatField(_("time taken"), help_text=_("Seconds from the request to the finished files."))
    queue_wait = models.FloatField(
        _("waited in the queue"), default=0, help_text=_("Seconds from the request to the first work on it.")
    )
    records_per_second = models.FloatField(_("rows per second"))
    memory_peak = models.PositiveBigIntegerField(_("peak memory"), default=0, help_text=_("Largest worker, in KiB."))
    custom_filename_used = models.BooleanField(_("own file name"))
    multi_file_export = models.BooleanField(_("several files"))
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("user"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    client = models.ForeignKey(
        "exports.ApiClient",
        verbose_name=_("API client"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    caller_user_id = models.CharField(_("caller's user ID"), max_length=64, blank=True)
    created_at = models.DateTimeField(_("requested at"))

    class Meta:
        ordering = ("-created_at",)
        verbose_name = verbose_name_plural = _("export analytics")
        indexes = (
            models.Index(fields=("created_at",), name="analytics_created"),
            models.Index(fields=("program_id", "created_at"), name="analytics_program_created"),
        )

    def __str__(self) -> str:
        return f"{self.export_type} {self.created_at:%Y-%m-%d %H:%M}"

    @classmethod
    def measure(cls, export: "ExportRequest") -> Self:
        """Write down what a completed export cost."""
        seconds = max(export.seconds, 0.001)
        waited = (export.started_at - export.created_at).total_seconds() if export.started_at else 0.0
        return cls.objects.create(
            export=export,
            program_id=export.program_id,
            export_type=export.resource,
            template=export.template,
            format=export.format,
            dialect=export.dialect,
            state=export.state,
            record_count=export.record_count,
            file_count=export.parts_total,
            file_size=export.total_size,
            content_size=sum(file.content_size for file in export.files.parts()),
            processing_time=seconds,
            queue_wait=max(waited, 0.0),
            records_per_second=export.record_count / seconds,
            memory_peak=export.memory_peak,
            custom_filename_used=export.custom_file_name,
            multi_file_export=export.parts_total > 1,
            user=export.user,
            client=export.client,
            caller_user_id=export.caller_user_id,
            created_at=export.created_at,
        )
