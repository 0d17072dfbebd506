import polars as pl
import pytest

from exports.engine.plain import is_plain, stays_plain
from exports.types import Field

BLANK = ["", " a", "a ", "a\n", "a\tb", "\ufeffa", "\u200ba", "a\u2028", "a\u0085"]
SPECIAL = ["a&b", "a<b", "a>b", 'a"b', "a,b", "a;b", "a|b", "a\\b", "a_x0041_", "a\x00", "a\ufffe", "a\x7f"]
FORMULA = ["=a", "+1", "-1", "@a", "|a", "%a", "'a", "\uff1da"]


@pytest.mark.parametrize("text", [*BLANK, *SPECIAL, *FORMULA, "a" * 5000])
def test_text_that_some_format_must_treat_is_not_plain(text):
    assert not is_plain(pl.Series(["a", None, text]))


def test_field_is_plain_only_under_plain_labels():
    status = Field(name="status", label="Status", labels={"1": "Paid"})
    assert stays_plain(status, {"status"})
    assert not stays_plain(Field(name="status", label="Status", labels={"1": "Paid & sent"}), {"status"})
    assert not stays_plain(status, set())


def test_word_for_nothing_counts_too():
    name = Field(name="name", label="Name")
    assert stays_plain(name, {"name"}, "none")
    assert not stays_plain(name, {"name"}, "-")
