"""What a document says about itself to viewers and search programs."""

import re
from datetime import datetime
from xml.sax.saxutils import escape

from reportlab.pdfbase.pdfdoc import PDFDictionary, PDFName, PDFStream, ViewerPreferencesPDFDictionary

from .document import Document

PRODUCER = "YBB Export Portal"
_NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")


def describe(document: Document, title: str, moment: datetime) -> None:
    """Set title, metadata and how viewers open the document."""
    info, catalog = document.info, document.Catalog
    info.title, info.subject, info.author = title, "", ""
    info.creator = info.producer = PRODUCER
    # Viewers show the title in their window instead of the name of the file.
    catalog.ViewerPreferences = ViewerPreferencesPDFDictionary({"DisplayDocTitle": "true"})
    entries = PDFDictionary({"Type": PDFName("Metadata"), "Subtype": PDFName("XML")})
    catalog.Metadata = document.spill(PDFStream(entries, _xmp(title, moment).encode()))


def _xmp(title: str, moment: datetime) -> str:
    """Return the metadata in the form that search programs read (XMP, ISO 16684-1)."""
    date = moment.isoformat(timespec="seconds")
    title = escape(_NOT_XML.sub("\ufffd", title))
    return f"""<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
<rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:xmp="http://ns.adobe.com/xap/1.0/"
 xmlns:pdf="http://ns.adobe.com/pdf/1.3/">
<dc:format>application/pdf</dc:format>
<dc:title><rdf:Alt><rdf:li xml:lang="x-default">{title}</rdf:li></rdf:Alt></dc:title>
<xmp:CreateDate>{date}</xmp:CreateDate><xmp:ModifyDate>{date}</xmp:ModifyDate>
<xmp:CreatorTool>{PRODUCER}</xmp:CreatorTool><pdf:Producer>{PRODUCER}</pdf:Producer>
</rdf:Description></rdf:RDF></x:xmpmeta>
<?xpacket end="r"?>"""
