"""Where lines end, shown as texts."""

import numpy as np
import pytest

from exports.writers.pdf.cells import Type, gather
from exports.writers.pdf.faces import REGULAR
from exports.writers.pdf.glyphs import Glyphs
from exports.writers.pdf.lines import MAX_LINES, break_cells, widths_of
from exports.writers.pdf.shaping import Shaper
from exports.writers.pdf.text import silent


def broken(texts, room):
    """Return the lines of each text in a cell that is as wide as ``room``, in thousandths of the font size."""
    glyphs = Glyphs(REGULAR, "F")
    cells = gather(list(texts), Type(glyphs, Shaper(glyphs)), silent)
    lines = break_cells(cells, widths_of(cells.units, glyphs), np.full(cells.count, room), glyphs)
    found = [[] for _ in texts]
    for cell, start, end in zip(lines.cells.tolist(), lines.starts.tolist(), lines.ends.tolist(), strict=True):
        found[cell].append("".join(map(chr, cells.units[start:end])))
    return found


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("one two", ["one two"]),
        ("one two three four", ["one two", "three", "four"]),
        ("one  two   three", ["one  two", "three"]),
        ("trailing   ", ["trailing"]),
        ("a\nb", ["a", "b"]),
        ("a\n\nb", ["a", "", "b"]),
        ("a\n", ["a"]),
        ("one two \nthree", ["one two", "three"]),
        ("well-known-fact", ["well-", "known-", "fact"]),
        ("Donaudampfschiff", ["Donaud", "ampfsch", "iff"]),
        ("name@example.com", ["name@", "example", ".com"]),
        ("你好世界和平发展", ["你好世界", "和平发展"]),
        ("你好世界。和平", ["你好世", "界。和平"]),
        ("", []),
    ],
)
def test_lines_end_where_readers_expect_it(text, lines):
    assert broken([text], 4_100) == [lines]


def test_cells_do_not_touch_each_other():
    texts = ["one two three four", "", "a\nb", "你好世界和平发展", "x" * 30]
    assert broken(texts, 4_100) == [broken([text], 4_100)[0] for text in texts]


@pytest.mark.parametrize("text", ["x\n" * 30, "word " * 90, "字" * 99, "\n" * 30])
def test_cell_ends_with_room_for_a_note(text):
    (lines,) = broken([text], 4_100)
    assert len(lines) == MAX_LINES + 1


def test_a_line_takes_at_least_one_character_however_narrow():
    assert broken(["abc"], 10) == [["a", "b", "c"]]
