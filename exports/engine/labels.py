"""Codes and booleans under the words people use for them."""

from collections.abc import Mapping

import polars as pl

from exports.types import Field, Kind

_TWINS = {"1": "true", "0": "false", "true": "1", "false": "0"}
"""Databases write a boolean as 1 and 0, JSON as true and false."""


def spellings(field: Field) -> Mapping[str, str]:
    """Return the labels of a field by every spelling its codes have."""
    labels = field.labels or {}
    if field.kind is not Kind.BOOLEAN:
        return labels
    return {_TWINS[code]: label for code, label in labels.items() if code in _TWINS} | dict(labels)


def relabel(field: Field) -> pl.Expr:
    """Return the expression of a field's labels; a code that is not listed stays as it came."""
    labels = spellings(field)
    return pl.col(field.name).replace(list(labels), list(labels.values())) if labels else pl.col(field.name)
