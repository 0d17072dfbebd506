import polars as pl
import pytest

from exports.engine.traits import traits_of, traits_shown
from exports.types import Field, Trait

BLANK = ["", " a", "a ", "a\n", "a\tb", "\ufeffa", "\u200ba", "a\u2028", "a\u0085"]
SPECIAL = ["a&b", "a<b", "a>b", 'a"b', "a,b", "a;b", "a|b", "a\\b", "a_x0041_", "a\x00", "a\ufffe", "a\x7f"]
FORMULA = [
    "=a",
    "+1",
    "+",
    "+a",
    "+62812a",
    "+628123456789a",
    "+6281234567890123",
    "+628123456+1",
    "-1",
    "@a",
    "|a",
    "%a",
    "'a",
    "\uff1da",
]


ALL = frozenset(Trait)


@pytest.mark.parametrize("text", [*BLANK, *SPECIAL, *FORMULA, "a" * 5000])
def test_text_that_some_format_must_treat_is_not_plain(text):
    assert Trait.PLAIN not in traits_of(pl.Series(["a", None, text]))


@pytest.mark.parametrize(
    "text", ["a", "7", "Zoë", "Đà Nẵng", "北京", "+628123", "+628123456789012", "2024-01-15", "a+b=c"]
)
def test_text_that_every_format_takes_as_it_is_has_every_trait(text):
    assert traits_of(pl.Series([text, None])) == ALL


@pytest.mark.parametrize("text", [*FORMULA, " =a", "\t=a"])
def test_text_that_a_spreadsheet_may_run_does_not_open_plainly(text):
    assert Trait.OPENS_PLAINLY not in traits_of(pl.Series(["a", text]))


@pytest.mark.parametrize("text", ["", 'a"', "a\r", "a\nb", "a,b", "a;b", "a|b", "a\tb"])
def test_text_that_some_delimiter_or_quote_would_break_is_not_unquoted(text):
    assert Trait.UNQUOTED not in traits_of(pl.Series(["a", text]))


def test_traits_that_are_left_are_known():
    assert traits_of(pl.Series(["Berlin & Umland"])) == {Trait.OPENS_PLAINLY, Trait.UNQUOTED}
    assert traits_of(pl.Series(["Needs a visa, please"])) == {Trait.OPENS_PLAINLY}
    assert traits_of(pl.Series(["نور"])) == {Trait.UNQUOTED}


def test_field_keeps_only_the_traits_of_its_labels():
    status, changed = (Field(name="status", label="Status", labels={"1": word}) for word in ("Paid", "Paid, sent"))
    assert traits_shown(status, {"status": ALL}) == ALL
    assert traits_shown(changed, {"status": ALL}) == {Trait.OPENS_PLAINLY}
    assert traits_shown(status, {}) == frozenset()


def test_word_for_nothing_counts_too():
    name = Field(name="name", label="Name")
    assert traits_shown(name, {"name": ALL}, "none") == ALL
    assert traits_shown(name, {"name": ALL}, "-") == {Trait.UNQUOTED}
