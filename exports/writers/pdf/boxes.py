"""Characters no font has: each a box with its code in it, that is still read out as the character it is."""

from reportlab.pdfbase.pdfdoc import PDFArrayCompact, PDFDictionary, PDFName, PDFObjectReference

from .document import Document
from .embedding import to_unicode
from .glyphs import BOX_WIDTH, Glyphs

FONT_SIZE = 256
"""Characters of one font: its codes are single bytes."""
_HEIGHT, _LOW = 720, -60
# Hexadecimal digits on the segments of a pocket calculator: a top, b and c right, d bottom, e and f left, g middle.
_SEGMENTS = dict(
    zip(
        "0123456789ABCDEF",
        [
            "abcdef",
            "bc",
            "abged",
            "abgcd",
            "fgbc",
            "afgcd",
            "afgedc",
            "abc",
            "abcdefg",
            "abcdfg",
            "abcefg",
            "fgecd",
            "afed",
            "bcdeg",
            "afged",
            "afge",
        ],
        strict=True,
    )
)
_LINES = {"a": (0, 2, 1, 2), "b": (1, 1, 1, 2), "c": (1, 0, 1, 1), "d": (0, 0, 1, 0)}
_LINES |= {"e": (0, 0, 0, 1), "f": (0, 1, 0, 2), "g": (0, 1, 1, 1)}


def box_fonts(glyphs: Glyphs, document: Document) -> dict[str, PDFObjectReference]:
    """Write the fonts for the characters nothing else draws: name -> font."""
    return {
        f"{glyphs.prefix}X{number}": _font(glyphs.boxes[start : start + FONT_SIZE], document)
        for number, start in enumerate(range(0, len(glyphs.boxes), FONT_SIZE))
    }


def _font(characters: list[str], document: Document) -> PDFObjectReference:
    """Write a Type 3 font (ISO 32000-1, 9.6.5): its glyphs are content streams."""
    names = [f"u{ord(character):04X}" for character in characters]
    procedures = {name: document.stream(_drawn(name[1:])) for name in names}
    return document.spill(
        PDFDictionary(
            {
                "Type": PDFName("Font"),
                "Subtype": PDFName("Type3"),
                "FontBBox": PDFArrayCompact([0, _LOW, BOX_WIDTH, _HEIGHT]),
                "FontMatrix": PDFArrayCompact([".001", 0, 0, ".001", 0, 0]),
                "CharProcs": PDFDictionary(procedures),
                "Encoding": PDFDictionary(
                    {
                        "Type": PDFName("Encoding"),
                        "Differences": PDFArrayCompact([0, *map(PDFName, names)]),
                    }
                ),
                "FirstChar": 0,
                "LastChar": len(names) - 1,
                "Widths": PDFArrayCompact([BOX_WIDTH] * len(names)),
                "Resources": PDFDictionary(),
                "ToUnicode": document.stream(to_unicode(dict(enumerate(characters)), 1)),
            }
        )
    )


def _drawn(code: str) -> bytes:
    """Return the glyph of a code: its digits in two rows inside a border."""
    half = -(-len(code) // 2)
    digits = [_digit(digit, place % half, place // half, half) for place, digit in enumerate(code)]
    border = b"40 w 60 %d %d %d re S 36 w " % (_LOW + 20, BOX_WIDTH - 120, _HEIGHT - _LOW - 40)
    return b"%d 0 0 %d %d %d d1 %b" % (BOX_WIDTH, _LOW, BOX_WIDTH, _HEIGHT, border) + b" ".join(digits)


def _digit(digit: str, column: int, row: int, columns: int) -> bytes:
    step = (BOX_WIDTH - 180) // columns
    left, low, wide, high = 90 + column * step + step // 5, 380 - row * 340, step * 3 // 5, 120
    lines = (_LINES[segment] for segment in _SEGMENTS[digit])
    return b" ".join(
        b"%d %d m %d %d l S" % (left + x1 * wide, low + y1 * high, left + x2 * wide, low + y2 * high)
        for x1, y1, x2, y2 in lines
    )
