"""Fonts as they go into a document: only the glyphs it draws, and for each what it stands for."""

from itertools import groupby

import numpy as np
import uharfbuzz as hb
from reportlab.pdfbase.pdfdoc import PDFArrayCompact, PDFDictionary, PDFName, PDFObjectReference, PDFString

from .document import Document
from .faces import EM, Face
from .snippets import UsedFace

_SYMBOLIC = 4
_NOT_DRAWN = ("GSUB", "GPOS", "GDEF", "BASE", "MATH", "name", "STAT", "post", "OS/2", "cmap", "DSIG", "meta")
_RANGES_AT_ONCE = 100
"""Entries of one operator in a CMap (Adobe Technical Note 5014)."""


def embed(used: UsedFace, tag: str, document: Document) -> PDFObjectReference:
    """Write a face and return its Type 0 font (ISO 32000-1, 9.7)."""
    subset, moved = _subset(used)
    name = PDFName(f"{tag}+{used.face.name}")
    codes = sorted((code, glyph, width) for (glyph, _, width), code in used.codes.items())
    descendant = PDFDictionary(
        {
            "Type": PDFName("Font"),
            "Subtype": PDFName("CIDFontType2"),
            "BaseFont": name,
            "CIDSystemInfo": PDFDictionary(
                {"Registry": PDFString("Adobe"), "Ordering": PDFString("Identity"), "Supplement": 0}
            ),
            "FontDescriptor": document.spill(
                _descriptor(used.face, name, document.stream(subset, {"Length1": len(subset)}))
            ),
            "DW": 0,
            "W": _widths(codes),
            "CIDToGIDMap": document.stream(_glyph_map(codes, moved)),
        }
    )
    font = PDFDictionary(
        {
            "Type": PDFName("Font"),
            "Subtype": PDFName("Type0"),
            "BaseFont": name,
            "Encoding": PDFName("Identity-H"),
            "DescendantFonts": PDFArrayCompact([document.spill(descendant)]),
            "ToUnicode": document.stream(to_unicode({code: text for (_, text, _), code in used.codes.items()}, 2)),
        }
    )
    return document.spill(font)


def to_unicode(texts: dict[int, str], size: int) -> bytes:
    """Return the CMap that says what codes of ``size`` bytes stand for (ISO 32000-1, 9.10.3)."""
    lines = [
        b"/CIDInit /ProcSet findresource begin 12 dict begin begincmap",
        b"/CIDSystemInfo <</Registry (Adobe) /Ordering (UCS) /Supplement 0>> def",
        b"/CMapName /Adobe-Identity-UCS def /CMapType 2 def",
        b"1 begincodespacerange <%b> <%b> endcodespacerange" % (b"00" * size, b"ff" * size),
    ]
    entries = [
        b"<%0*x> <%b>" % (2 * size, code, text.encode("utf-16-be").hex().encode())
        for code, text in sorted(texts.items())
    ]
    for start in range(0, len(entries), _RANGES_AT_ONCE):
        some = entries[start : start + _RANGES_AT_ONCE]
        lines += [b"%d beginbfchar" % len(some), *some, b"endbfchar"]
    return b"\n".join([*lines, b"endcmap CMapName currentdict /CMap defineresource pop end end"])


def _subset(used: UsedFace) -> tuple[bytes, dict[int, int]]:
    """Return the face with nothing but the glyphs that are drawn, and where each of them went."""
    wanted = hb.SubsetInput()
    wanted.flags = hb.SubsetFlags.NO_HINTING | hb.SubsetFlags.NO_LAYOUT_CLOSURE | hb.SubsetFlags.NO_BIDI_CLOSURE
    wanted.glyph_set.update({glyph for glyph, _, _ in used.codes})
    # Viewers need the outlines only; what to draw where was settled here.
    wanted.drop_table_tag_set.update(int.from_bytes(tag.encode()) for tag in _NOT_DRAWN)
    plan = hb.SubsetPlan(used.face.hb_face, wanted)
    moved = dict(plan.old_to_new_glyph_mapping)
    return plan.execute().blob.data, moved


def _descriptor(face: Face, name: str, file: PDFObjectReference) -> PDFDictionary:
    head = np.frombuffer(face.hb_face.reference_table("head").data, ">i2")
    scale = EM / face.hb_face.upem
    extents = face.font.get_font_extents("ltr")
    return PDFDictionary(
        {
            "Type": PDFName("FontDescriptor"),
            "FontName": name,
            "Flags": _SYMBOLIC,
            # Table head: xMin, yMin, xMax, yMax stand at byte 36.
            "FontBBox": PDFArrayCompact([round(int(edge) * scale) for edge in head[18:22]]),
            "ItalicAngle": 0,
            "Ascent": extents.ascender,
            "Descent": extents.descender,
            "CapHeight": 714,
            "StemV": 80,
            "FontFile2": file,
        }
    )


def _widths(codes: list[tuple[int, int, int]]) -> PDFArrayCompact:
    """Return widths, those of neighbouring codes in one array."""
    listed: list[object] = []
    for _, numbered in groupby(enumerate(codes), key=lambda entry: entry[1][0] - entry[0]):
        run = [entry for _, entry in numbered]
        listed += [run[0][0], PDFArrayCompact([width for _, _, width in run])]
    return PDFArrayCompact(listed)


def _glyph_map(codes: list[tuple[int, int, int]], moved: dict[int, int]) -> bytes:
    """Return the glyph of each code, two bytes each, in the order of codes."""
    table = np.zeros(codes[-1][0] + 1, ">u2")
    for code, glyph, _ in codes:
        table[code] = moved[glyph]
    return table.tobytes()
