"""reportlab's document, written to the file object by object instead of all at the end."""

from typing import IO, Any

from isal import isal_zlib
from reportlab.pdfbase import pdfdoc

from .geometry import PAGE_HEIGHT, PAGE_WIDTH

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

    def spill(self, obj: pdfdoc.PDFObject) -> pdfdoc.PDFObjectReference:
        """Write an object and forget it; what it refers to may come later."""
        reference = self.Reference(obj)
        self._write(reference.name, obj)
        self.idToObject[reference.name] = _DONE
        return reference

    def stream(self, content: bytes, entries: dict[str, Any] | None = None) -> pdfdoc.PDFObjectReference:
        """Write a stream, deflated."""
        packed = isal_zlib.compress(content, _LEVEL)
        more = b"".join(
            b"%b %b" % (pdfdoc.PDFName(name).encode(), pdfdoc.format(value, self))
            for name, value in (entries or {}).items()
        )
        head = b"<</Filter/FlateDecode/Length %d%b>>" % (len(packed), more)
        return self.spill(_Bytes(b"%b\nstream\n%b\nendstream" % (head, packed)))

    def add_page(self, streams: list[pdfdoc.PDFObjectReference]) -> pdfdoc.PDFObjectReference:
        """Write a page that is drawn by streams."""
        contents = b" ".join(stream.format(self) for stream in streams)
        page = self.spill(_Bytes(b"<</Type/Page/Parent %b/Contents[%b]>>" % (self._parent, contents)))
        self.Pages.addPage(page)
        return page

    def save(self) -> None:
        """Write what is left, the cross-reference table and the trailer."""
        root, info = self.reserve(self.Catalog), self.reserve(self.info)
        number = 0
        # Formatting an object may bring up others.
        while (number := number + 1) in self.numberToId:
            name = self.numberToId[number]
            if (obj := self.idToObject[name]) is not _DONE:
                self._write(name, obj)
        table = pdfdoc.PDFCrossReferenceTable()
        table.addsection(0, [self.numberToId[place] for place in range(1, number)])
        start = self.size
        self._append(table.format(self))
        trailer = pdfdoc.PDFTrailer(startxref=start, Size=number, Root=root, Info=info, ID=self.ID())
        self._append(trailer.format(self))

    def _write(self, name: str, obj: pdfdoc.PDFObject) -> None:
        self.idToOffset[name] = self.size
        self._append(pdfdoc.PDFIndirectObject(name, obj).format(self))

    def _append(self, content: bytes) -> None:
        self._file.write(content)
        self.size += len(content)
        self.crc = isal_zlib.crc32(content, self.crc)
