"""Records for auditors: every model in Django's own admin, history read-only.

``base.py`` says what read-only means and who sees what; each model has a file. The queue's tables are not here: their
rows are messages, not records, and a changed one would run whatever it names.
"""

from django.apps import apps
from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from . import analytics, clients, datasets, files, lanes, logs, notices, requests, schedules, templates, webhooks

__all__ = [
    "analytics",
    "clients",
    "datasets",
    "files",
    "lanes",
    "logs",
    "notices",
    "requests",
    "schedules",
    "templates",
    "webhooks",
]

NOT_FOR_PEOPLE = ("django_q", "rest_framework_api_key")
"""Apps whose models are left out; ``ApiClient`` stands for API keys."""


def _leave_out(*labels: str) -> None:
    for label in labels:
        for model in apps.get_app_config(label).get_models():
            if admin.site.is_registered(model):
                admin.site.unregister(model)


_leave_out(*NOT_FOR_PEOPLE)
admin.site.site_header = _("YBB Export Portal: administration")
admin.site.site_title = _("YBB Export Portal")
admin.site.index_title = _("Records")
