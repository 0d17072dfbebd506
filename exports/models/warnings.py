"""Warnings as they are stored: one entry a cause and column, counts summed, the first ten rows."""

from collections.abc import Iterable
from typing import Any

from exports.types import DataWarning

_ROWS_NAMED = 10


def entries(warnings: Iterable[DataWarning]) -> list[dict[str, Any]]:
    """Return warnings as JSON."""
    return merged(
        {
            "code": warning.code,
            "column": warning.column,
            "count": warning.count,
            "rows": warning.rows,
            **({"detail": warning.detail} if warning.detail else {}),
        }
        for warning in warnings
    )


def merged(stored: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return stored warnings with one entry a cause and column; of several details the first is kept."""
    found: dict[tuple[str, str], dict[str, Any]] = {}
    for entry in stored:
        own = found.setdefault((entry["code"], entry["column"]), {**entry, "count": 0, "rows": []})
        own["count"] += entry["count"]
        own["rows"] = sorted({*own["rows"], *entry["rows"]})[:_ROWS_NAMED]
        if "detail" in entry:
            own.setdefault("detail", entry["detail"])
    return list(found.values())
