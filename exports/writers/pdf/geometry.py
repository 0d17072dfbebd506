"""Measures of a page, in tenths of a point: whole numbers are shorter to write and quicker to deflate."""

from typing import TypeVar

import numpy as np
import numpy.typing as npt

Number = TypeVar("Number", int, npt.NDArray[np.int64])

PAGE_WIDTH, PAGE_HEIGHT = 8419, 5953
"""A4, landscape."""
MARGIN = 300
INNER_WIDTH = PAGE_WIDTH - 2 * MARGIN

SIZE = 70
"""Of the text, whatever its face."""
LEADING = 92
ASCENT = 72
"""From the top of a line to its base line."""
PAD_X, PAD_Y = 28, 20
"""Between a cell's border and its text."""
TITLE_SIZE = 140

TABLE_TOP = PAGE_HEIGHT - MARGIN
TABLE_BOTTOM = MARGIN + 130
"""Below it stand the page number and its like."""
FOOTER_TOP = MARGIN + 90


def row_height(lines: Number) -> Number:
    """Return the height of a row of so many lines, or the heights of rows."""
    return lines * LEADING + 2 * PAD_Y
