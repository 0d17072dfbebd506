"""Every address of the project."""

from django.contrib import admin
from django.urls import include, path

urlpatterns = [
    path("", include("exports.api.urls")),
    path("admin/", admin.site.urls),
    path("", include("exports.portal.urls")),
]

handler400 = "exports.api.handlers.bad_request"
handler500 = "exports.api.handlers.server_error"
