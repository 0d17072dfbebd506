"""What can only be written once every page is known: page numbers, bookmarks, fonts."""

from collections.abc import Sequence

from reportlab.pdfbase.pdfdoc import PDFArrayCompact, PDFDictionary, PDFName, PDFObjectReference, PDFString

from .boxes import box_fonts
from .cells import Type
from .document import Document
from .embedding import embed
from .frame import TitleBlock, footers
from .pages import Page, Pages

_BOOKMARKS = 50
"""More would not help to find a page."""


def finish(document: Document, pages: Pages, title: TitleBlock, types: Sequence[Type], first_row: int) -> None:
    """Write everything that follows the records; ``first_row`` is the number of the first in the whole export."""
    numbers = _footers(pages, types[0], first_row)
    contents = [[page.body, document.stream(number)] for page, number in zip(pages.done, numbers, strict=True)]
    contents[0].insert(0, document.stream(title.operators()))
    for page, streams in zip(pages.done, contents, strict=True):
        document.add_page(page.number, streams)
    pages.tags.close()
    _add_bookmarks(document, pages.done, first_row)
    document.resources["Font"] = PDFDictionary(_fonts(types, document))
    document.save()


def _footers(pages: Pages, regular: Type, first_row: int) -> list[bytes]:
    lines = []
    for number, page in enumerate(pages.done, start=1):
        left = f"Records {_range(page, page, first_row)}" if page.last else "No records"
        if len(pages.bands) > 1:
            left += f", columns {pages.bands[page.band].name}"
        lines.append((left, f"Page {number} of {len(pages.done)}"))
    return footers(lines, regular)


def _range(first: Page, last: Page, first_row: int) -> str:
    return f"{first_row + first.first:,}\u2013{first_row + last.last - 1:,}"


def _add_bookmarks(document: Document, done: list[Page], first_row: int) -> None:
    """Let people jump to records."""
    starts = [number for number, page in enumerate(done) if page.band == 0]
    marked = starts[:: -(-len(starts) // _BOOKMARKS)]
    outline = PDFDictionary({"Type": PDFName("Outlines"), "Count": len(marked)})
    document.Catalog.Outlines = at = document.reserve(outline)
    items = [
        PDFDictionary(
            {
                "Title": PDFString(f"Records {_range(done[number], done[end - 1], first_row)}"),
                "Parent": at,
                "Dest": PDFArrayCompact([f"{done[number].number} 0 R", PDFName("Fit")]),
            }
        )
        for number, end in zip(marked, [*marked[1:], len(done)], strict=True)
    ]
    references = [document.reserve(item) for item in items]
    for item, following, reference, next_reference in zip(items, items[1:], references, references[1:], strict=False):
        item["Next"], following["Prev"] = next_reference, reference
    outline["First"], outline["Last"] = references[0], references[-1]


def _fonts(types: Sequence[Type], document: Document) -> dict[str, PDFObjectReference]:
    """Write the fonts that are used and return them by the names the streams call them."""
    fonts: dict[str, PDFObjectReference] = {}
    for type_ in types:
        prefix = type_.glyphs.prefix
        for place, used in enumerate(type_.glyphs.used):
            if used.codes:
                # Six capitals say that a font is a subset, and of two with one name which is which.
                fonts[f"{prefix}{place}"] = embed(used, f"YBB{prefix}{place:02}".translate(_DIGITS), document)
        fonts |= box_fonts(type_.glyphs, document)
    return fonts


_DIGITS = str.maketrans("0123456789", "ABCDEFGHIJ")
