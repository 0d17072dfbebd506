"""The history: every export somebody may see, by tab and filter, page by page."""

from collections.abc import Iterator
from dataclasses import dataclass, fields, replace
from typing import Any, Self
from urllib.parse import urlencode

from django.core.paginator import Page, Paginator
from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from exports import service
from exports.models import ExportRequest
from exports.models.request import ExportRequestQuerySet as Exports
from exports.types import Progress

from . import polling
from .access import PortalRequest, principal, signed_in

PAGE_SIZE = 25


@dataclass(frozen=True, kw_only=True)
class Query:
    """What the address of the page asks for."""

    tab: str = ""
    q: str = ""
    resource: str = ""
    format: str = ""

    @classmethod
    def of(cls, request: HttpRequest) -> Self:
        """Read the address; an unknown tab means all of them."""
        # A NUL is no text to PostgreSQL.
        asked = {field.name: request.GET.get(field.name, "").replace("\0", "").strip()[:200] for field in fields(cls)}
        query = cls(**asked)
        return query if query.tab in tabs() else replace(query, tab="")

    @property
    def is_filtered(self) -> bool:
        """Whether something besides the tab narrows the list."""
        return bool(self.q or self.resource or self.format)

    def filter(self, exports: Exports) -> Exports:
        """Return what the filters leave, over all tabs."""
        if self.q:
            exports = exports.filter(Q(file_name__icontains=self.q) | self._id_condition())
        if self.resource:
            exports = exports.filter(resource=self.resource)
        if self.format:
            exports = exports.filter(format=self.format)
        return exports

    def _id_condition(self) -> Q:
        # Databases without a UUID type drop the hyphens of what is looked for, and everything begins with nothing.
        is_id = self.q.strip("-") and set(self.q.lower()) <= set("0123456789abcdef-")
        return Q(public_id__istartswith=self.q) if is_id else Q(pk__in=())

    def url(self, **changes: Any) -> str:
        """Return the address of this list with something else about it."""
        asked = {field.name: getattr(self, field.name) for field in fields(self)} | changes
        return "?" + urlencode({name: value for name, value in asked.items() if value})

    @property
    def cleared_url(self) -> str:
        """The address of the same tab without filters."""
        return type(self)(tab=self.tab).url()


def tabs() -> dict[str, Q]:
    """Return what each tab shows; files that may not be fetched any more count as expired before they are swept."""
    state = ExportRequest.State
    overdue = Q(state=state.COMPLETED, expires_at__lte=timezone.now())
    return {
        "": Q(),
        "active": Q(state__in=ExportRequest.ACTIVE),
        "completed": Q(state=state.COMPLETED) & ~overdue,
        "failed": Q(state=state.FAILED),
        "cancelled": Q(state=state.CANCELLED),
        "expired": Q(state=state.EXPIRED) | overdue,
    }


TAB_LABELS = {
    "": _("All"),
    "active": _("In progress"),
    "completed": _("Completed"),
    "failed": _("Failed"),
    "cancelled": _("Cancelled"),
    "expired": _("Expired"),
}


@require_safe
@signed_in
def history(request: PortalRequest) -> HttpResponse:
    """List exports, newest first."""
    query = Query.of(request)
    visible = service.exports_for(principal(request))
    matching = query.filter(visible)
    page = Paginator(matching.filter(tabs()[query.tab]), PAGE_SIZE).get_page(request.GET.get("page"))
    context = {
        "query": query,
        "page": page,
        "rows": _rows(page),
        "pages": list(_page_links(query, page)),
        "tabs": list(_tabs(query, matching)),
        **_live(request, query, page),
    }
    if request.htmx:
        return render(request, "exports/_exports.html", context)
    return render(request, "exports/history.html", context | _choices(visible))


def _tabs(query: Query, matching: Exports) -> Iterator[dict[str, Any]]:
    # The prefix keeps the names of the counts apart from the model's fields.
    counts = matching.order_by().aggregate(**{f"n_{tab}": Count("pk", filter=q) for tab, q in tabs().items()})
    for tab, label in TAB_LABELS.items():
        yield {
            "name": tab,
            "label": label,
            "count": counts[f"n_{tab}"],
            "url": query.url(tab=tab),
            "is_current": tab == query.tab,
        }


def _rows(page: Page[ExportRequest]) -> list[tuple[ExportRequest, Progress | None]]:
    progress = service.progress_of(export for export in page if export.is_active)
    return [(export, progress.get(export.pk)) for export in page]


def _page_links(query: Query, page: Page[ExportRequest]) -> Iterator[dict[str, Any]]:
    for number in page.paginator.get_elided_page_range(page.number, on_each_side=2, on_ends=1):
        is_page = isinstance(number, int)
        yield {
            "number": number,
            "url": query.url(page=number) if is_page else "",
            "is_current": number == page.number,
        }


def _live(request: PortalRequest, query: Query, page: Page[ExportRequest]) -> dict[str, Any]:
    polls = polling.polls(request)
    return {
        "is_live": any(export.is_active for export in page),
        "live_url": query.url(page=page.number, polls=polls + 1),
        "pause": polling.pause(polls),
        "previous_url": query.url(page=page.number - 1) if page.has_previous() else "",
        "next_url": query.url(page=page.number + 1) if page.has_next() else "",
    }


def _choices(visible: Exports) -> dict[str, Any]:
    everything = visible.order_by()
    return {
        "resources": sorted(everything.values_list("resource", flat=True).distinct()),
        "formats": sorted(everything.values_list("format", flat=True).distinct()),
    }
