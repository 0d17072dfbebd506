import polars as pl
import pytest

from exports.neutral import neutral, original

UNSEEN = [
    "",
    " ",
    "\t",
    "\r",
    "\n",
    "\x00",
    "\x1f",
    "\u00a0",
    "\u200b",
    "\u200e",
    "\u202e",
    "\u2066",
    "\ufeff",
    "\u3000",
    "\u2800",
]
TRIGGERS = "=+-@|%\uff1d\uff0b\uff0d\uff20\uff5c\uff05"
DANGEROUS = [unseen + trigger + "cmd" for unseen in UNSEEN for trigger in TRIGGERS] + [
    "\tx",
    "\rx",
    "\nx",
    "\x00x",
    "-",
    "+",
    "--5",
    "-1e5",
    "-5 ",
    "+12345",
    "+1234567890123456",
    "-1,5",
    "-\u0661",
]
HARMLESS = [
    "",
    "a",
    "a=1",
    "'",
    "''",
    "'a",
    "-5",
    "-5.25",
    "5",
    "+628123456789",
    "+123456",
    "Ana",
    " a",
    "\u200ba",
    "1=2",
    "#x",
]


def applied(function, texts):
    return pl.DataFrame({"t": texts}, schema={"t": pl.String}).select(function(pl.col("t"))).to_series().to_list()


@pytest.mark.parametrize("text", DANGEROUS)
def test_dangerous_text_gets_one_apostrophe(text):
    assert applied(neutral, [text]) == ["'" + text]


@pytest.mark.parametrize("text", HARMLESS)
def test_harmless_text_is_left_alone(text):
    assert applied(neutral, [text]) == [text]


def test_rule_can_be_undone():
    texts = [quotes + text for text in DANGEROUS + HARMLESS for quotes in ("", "'", "''")]
    once = applied(neutral, texts)
    assert applied(original, once) == texts
    assert applied(original, applied(neutral, once)) == once


def test_no_two_texts_become_one():
    texts = [quotes + text for text in DANGEROUS + HARMLESS for quotes in ("", "'", "''")]
    assert len(set(applied(neutral, texts))) == len(set(texts))


def test_absent_stays_absent():
    assert applied(neutral, [None]) == applied(original, [None]) == [None]
