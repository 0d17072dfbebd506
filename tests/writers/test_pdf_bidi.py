"""The bidirectional algorithm against tables worked out by hand, and against another implementation at random."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from exports.writers.pdf.bidi import levels, visual_order
from exports.writers.pdf.shaping import levels_of


@pytest.mark.parametrize(
    ("text", "expected", "base"),
    [
        ("abc", "000", 0),
        ("אבג", "111", 1),
        ("אב 12", "11122", 1),
        ("a אב 12", "0011122", 0),
        ("a אב c", "001100", 0),
        ("אב (c) ד", "11112111", 1),
        ("a (אב) c", "00011000", 0),
        ("אב [12] ג", "111122111", 1),
        ("ا 1,2", "11222", 1),
        ("א -5%", "11122", 1),
        ("א 1-2", "11222", 1),
        ("ا ١٢", "1122", 1),
        ("12 א", "2211", 1),
        ("a\u2067b א\u2069c", "0021100", 0),
        ("\u202eab\u202cc", "01110", 0),
        ("", "", 0),
        ("12 :-)", "000000", 0),
    ],
)
def test_levels(text, expected, base):
    found, paragraph = levels(text)
    assert paragraph == base
    assert "".join(map(str, found)) == expected


@pytest.mark.parametrize(
    ("line", "order"),
    [([], []), ([0, 0], [0, 1]), ([1, 1, 1], [2, 1, 0]), ([1, 2, 2, 1], [3, 1, 2, 0]), ([0, 1, 1, 0], [0, 2, 1, 3])],
)
def test_lines_are_turned_round_from_the_highest_level_down(line, order):
    assert visual_order(line) == order


ALPHABET = "abZ אבגدجب 0189 ٠٥ +-,.:/%$()[]<>\"'!?\u0301\u064b\u05b0\u200e\u200f\u202a\u202b\u202c\u202d\u202e"


@given(st.text(alphabet="אבגدجب 019", min_size=1, max_size=20))
def test_short_cut_for_plain_words_finds_the_same(text):
    assert levels_of(text) == levels(text)


@given(st.text(alphabet=ALPHABET + "\u2066\u2067\u2068\u2069", max_size=16))
def test_another_implementation_finds_the_same(text):
    bidi = pytest.importorskip("fpdf.bidi", reason="needs fpdf2, which bench/ compares with")
    theirs = bidi.BidiParagraph(text)
    found, _ = levels(text)
    kept = [character.character_index for character in theirs.characters]
    assert [found[place] for place in kept] == [character.embedding_level for character in theirs.characters]
    assert all(
        unicodedata.bidirectional(text[place]) not in ("LRE", "RLE", "LRO", "RLO", "PDF", "BN") for place in kept
    )
