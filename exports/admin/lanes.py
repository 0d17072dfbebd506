"""Signs of life of the workers' lanes."""

from django.contrib import admin

from exports.models import LaneHeartbeat

from .base import ModelAdmin, ReadOnly


@admin.register(LaneHeartbeat)
class LaneHeartbeatAdmin(ReadOnly, ModelAdmin):
    """When each host last worked on each lane."""

    list_display = ("lane", "host", "answered_at", "asked_at", "served_until")
    list_filter = ("lane",)
    search_fields = ("host",)
