"""Lists over HTTP: filters and pages in the query, refused where they say nothing."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from django.db.models import QuerySet
from django.utils import timezone
from rest_framework.request import Request

from exports.exceptions import BadRequest

PER_PAGE, MOST_PER_PAGE = 25, 100


class Page(NamedTuple):
    """One page of a list."""

    rows: list[Any]
    number: int
    """Counted from 1."""
    per_page: int
    total: int

    @property
    def last(self) -> int:
        """The number of the last page; 1 for an empty list."""
        return max(-(-self.total // self.per_page), 1)


def page_of(request: Request, rows: "QuerySet[Any]") -> Page:
    """Return the page that ``page`` and ``per_page`` name. Raises BadRequest."""
    number = _number(request.query_params, "page", 1, 10**6)
    per_page = _number(request.query_params, "per_page", PER_PAGE, MOST_PER_PAGE)
    first = (number - 1) * per_page
    return Page(list(rows[first : first + per_page]), number, per_page, rows.count())


def filtered(request: Request, rows: "QuerySet[Any]", lookups: Mapping[str, str]) -> "QuerySet[Any]":
    """Return the rows that the query asks for, by lookup of each parameter; ``date_from`` and ``date_to`` too.

    Raises:
        BadRequest: a parameter is unknown, or no date.
    """
    for name, said in request.GET.items():
        value = str(said)
        if name in ("page", "per_page") or value == "":
            continue
        if name in ("date_from", "date_to"):
            rows = rows.filter(**_day(name, value))
        elif name in lookups:
            rows = rows.filter(**{lookups[name]: value.replace("\0", "")[:100]})
        else:
            known = ", ".join([*lookups, "date_from", "date_to", "page", "per_page"])
            raise BadRequest(f"Parameter '{name[:40]}' does not exist. Known parameters: {known}.", field=name[:40])
    return rows


def _number(parameters: Mapping[str, str], name: str, default: int, most: int) -> int:
    text = parameters.get(name) or str(default)
    if not (text.isascii() and text.isdecimal() and 1 <= int(text[:9]) <= most):
        raise BadRequest(f"Parameter '{name}' must be a whole number from 1 to {most:,}.", field=name)
    return int(text)


def _day(name: str, value: str) -> dict[str, datetime]:
    try:
        day = timezone.make_aware(datetime.strptime(value, "%Y-%m-%d"))
    except ValueError as error:
        raise BadRequest(f"Parameter '{name}' must be a date such as 2026-05-15.", field=name) from error
    return {"created_at__gte": day} if name == "date_from" else {"created_at__lt": day + timedelta(days=1)}
