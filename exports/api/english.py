"""The contracts fix the words of every answer, so a caller's Accept-Language changes none."""

from typing import Any

from django.http.response import HttpResponseBase
from django.utils import translation
from rest_framework.views import APIView


class EnglishView(APIView):
    """A view that speaks English to everybody."""

    def dispatch(self, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Answer in English, and say so."""
        with translation.override("en"):
            response = super().dispatch(*args, **kwargs)
        response["Content-Language"] = "en"
        return response
