"""The font files of ``static/fonts``, opened once a process and only when a text needs them."""

from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path

import uharfbuzz as hb

FOLDER = Path(__file__).resolve().parents[3] / "static" / "fonts"
EM = 1000
"""Every width and offset is in thousandths of the font size, as PDF counts them (ISO 32000-1, 9.2.4)."""

_FALLBACKS = (
    *("NotoSansArabic-Regular", "NotoSansHebrew-Regular", "NotoSansThai-Regular"),
    *("NotoSansSC-Regular", "NotoSansKR-Regular", "NotoSansJP-Regular"),
    *(
        f"NotoSans{script}-Regular"
        for script in (
            *("Bengali", "Tamil", "Telugu", "Gujarati", "Gurmukhi", "Kannada", "Malayalam", "Sinhala"),
            *("Myanmar", "Khmer", "Lao", "Ethiopic", "Armenian", "Georgian", "Thaana"),
        )
    ),
    *("NotoEmoji-Regular", "NotoSansMath-Regular", "DejaVuSans"),
)
REGULAR = ("NotoSans-Regular", *_FALLBACKS)
"""Names of faces; the first that has a character draws it."""
BOLD = ("NotoSans-Bold", *_FALLBACKS)
JAPANESE = "NotoSansJP-Regular"


@dataclass(frozen=True)
class Face:
    """One font file."""

    name: str

    @cached_property
    def hb_face(self) -> hb.Face:
        """The file; HarfBuzz maps it into memory, so that only what is used is read."""
        return hb.Face(hb.Blob.from_file_path(str(FOLDER / f"{self.name}.ttf")))

    @cached_property
    def font(self) -> hb.Font:
        """The face at a size of ``EM``."""
        font = hb.Font(self.hb_face)
        font.scale = (EM, EM)
        return font

    def glyph(self, character: str) -> int | None:
        """Return the glyph of a character, None where the face has none."""
        glyph: int | None = self.font.get_nominal_glyph(ord(character))
        return glyph

    def advance(self, glyph: int) -> int:
        """Return how far a glyph moves the pen."""
        return int(self.font.get_glyph_h_advance(glyph))


@cache
def face(name: str) -> Face:
    """Return the face of a name; the same one every time."""
    return Face(name)
