"""Every page for staff."""

from django.contrib.auth.views import LoginView, LogoutView
from django.urls import path

from . import downloads, export, forms, history, language

app_name = "portal"
urlpatterns = [
    path(
        "login/",
        LoginView.as_view(
            template_name="exports/login.html",
            authentication_form=forms.SignInForm,
            redirect_authenticated_user=True,
        ),
        name="login",
    ),
    path("logout/", LogoutView.as_view(), name="logout"),
    path("language/", language.choose, name="language"),
    path("", history.history, name="history"),
    path("exports/<uuid:public_id>/", export.page, name="export"),
    path("exports/<uuid:public_id>/live/", export.live, name="live"),
    path("exports/<uuid:public_id>/cancel/", export.cancel, name="cancel"),
    path("exports/<uuid:public_id>/resume/", export.resume, name="resume"),
    path("exports/<uuid:public_id>/delete/", export.delete, name="delete"),
    path("exports/<uuid:public_id>/download/", downloads.download, name="download"),
    path("exports/<uuid:public_id>/download/zip/", downloads.download_archive, name="download-archive"),
    path("exports/<uuid:public_id>/download/<int:number>/", downloads.download_part, name="download-part"),
]
