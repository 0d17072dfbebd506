"""reportlab's document, written to the file object by object instead of all at the end.

Small objects by the thousand are packed: many deflated together in one stream. Cross references are a stream, too,
for nothing else can refer to packed objects (ISO 32000-1, 7.5.7 and 7.5.8).
"""

from collections.abc import Sequence
from itertools import accumulate, chain
from typing import IO, Any

from isal import isal_zlib
from reportlab.pdfbase import pdfdoc

from .geometry import PAGE_HEIGHT, PAGE_WIDTH
from .references import References

_LEVEL = 2
"""isal's compression level."""
_DONE = object()


class _Pages(pdfdoc.PDFPages):  # type: ignore[misc]
    """The page tree, with what all pages share (ISO 32000-1, 7.7.3.4)."""

    __NoDefault__ = (*pdfdoc.PDFPages.__NoDefault__, "MediaBox", "Resources")


class _Bytes(pdfdoc.PDFObject):  # type: ignore[misc]
    """An object that is formatted already."""

    def __init__(self, content: bytes) -> None:
        self._content = content

    def format(self, document: pdfdoc.PDFDocument) -> bytes:
        return self._content


class Document(pdfdoc.PDFDocument):  # type: ignore[misc]
    """A document whose finished objects leave memory at once.

    Size and check sum of the whole file are counted on the way.
    """

    def __init__(self, file: IO[bytes], lang: str) -> None:
        super().__init__(lang=lang, pdfVersion=(1, 7), compression=0, dummyoutline=1)
        self._file = file
        self._references = References()
        self.size = self.crc = 0
        self.resources = pdfdoc.PDFDictionary()
        """Of every page and form; filled until the document is saved."""
        self.resources_at = self.Reference(self.resources)
        self.Catalog.Pages = self.Pages = _Pages()
        self.Pages.MediaBox = pdfdoc.PDFArrayCompact([0, 0, PAGE_WIDTH / 10, PAGE_HEIGHT / 10])
        self.Pages.Resources = self.resources_at
        self._parent = self.Reference(self.Pages).format(self)
        self._append(pdfdoc.PDFFile(self._pdfVersion).format(self))

    def reserve(self, obj: pdfdoc.PDFObject) -> pdfdoc.PDFObjectReference:
        """Give an object its number now; it is written when it is spilled or the document is saved."""
        return self.Reference(obj)

    def allocate(self, count: int) -> int:
        """Keep so many numbers for objects to be written; return the first."""
        first: int = self.objectcounter + 1
        self.objectcounter += count
        return first

    def pack(self, first: int, objects: Sequence[bytes]) -> None:
        """Write formatted objects, numbered from ``first`` on, into one stream."""
        ends = list(accumulate(map(len, objects), initial=0))
        places = chain.from_iterable(enumerate(ends[:-1], start=first))
        head = b"%d %d " * len(objects) % tuple(places)
        number = self.allocate(1)
        entries = b"/Type/ObjStm/N %d/First %d" % (len(objects), len(head))
        self._write(number, _deflated(head + b"".join(objects), entries))
        self._references.add_packed(first, len(objects), number)

    def spill(self, obj: pdfdoc.PDFObject) -> pdfdoc.PDFObjectReference:
        """Write an object and forget it; what it refers to may come later."""
        reference = self.Reference(obj)
        self._write_named(reference.name, obj)
        self.idToObject[reference.name] = _DONE
        return reference

    def stream(self, content: bytes, entries: dict[str, Any] | None = None) -> pdfdoc.PDFObjectReference:
        """Write a stream, deflated."""
        more = b"".join(
            b"%b %b" % (pdfdoc.PDFName(name).encode(), pdfdoc.format(value, self))
            for name, value in (entries or {}).items()
        )
        return self.spill(_Bytes(_deflated(content, more)))

    def add_page(self, number: int, streams: list[pdfdoc.PDFObjectReference]) -> None:
        """Write a page that is drawn by streams; ``number`` was allocated. Pages are added in their order."""
        contents = b" ".join(stream.format(self) for stream in streams)
        page = b"<</Type/Page/Parent %b/StructParents %d/Contents[%b]>>" % (
            self._parent,
            len(self.Pages.pages),
            contents,
        )
        self._write(number, page)
        self.Pages.addPage(f"{number} 0 R")

    def save(self) -> None:
        """Write what is left, the cross references and the trailer."""
        root, info = self.reserve(self.Catalog), self.reserve(self.info)
        number = 0
        # Formatting an object may bring up others.
        while (number := number + 1) <= self.objectcounter:
            name = self.numberToId.get(number)
            if name and (obj := self.idToObject[name]) is not _DONE:
                self._write_named(name, obj)
        start, number = self.size, self.allocate(1)
        self._references.add(number, start)
        content, entries = self._references.table()
        # The comment is reportlab's.
        ends = b"/Root %b/Info %b/ID%b" % (root.format(self), info.format(self), self.ID())
        self._append(b"%d 0 obj\n%b\nendobj\n" % (number, _deflated(content, entries + ends)))
        self._append(b"startxref\n%d\n%%%%EOF\n" % start)

    def _write_named(self, name: str, obj: pdfdoc.PDFObject) -> None:
        self._write(self.idToObjectNumberAndVersion[name][0], pdfdoc.format(obj, self, toplevel=1))

    def _write(self, number: int, content: bytes) -> None:
        self._references.add(number, self.size)
        self._append(b"%d 0 obj\n%b\nendobj\n" % (number, content.removesuffix(b"\n")))

    def _append(self, content: bytes) -> None:
        self._file.write(content)
        self.size += len(content)
        self.crc = isal_zlib.crc32(content, self.crc)


def _deflated(content: bytes, entries: bytes) -> bytes:
    """Return a stream; ``entries`` are those of its dictionary."""
    packed = isal_zlib.compress(content, _LEVEL)
    return b"<</Filter/FlateDecode/Length %d%b>>\nstream\n%b\nendstream" % (len(packed), entries, packed)
