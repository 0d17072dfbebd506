"""PDF: a table of any length, in every script, laid out by the block.

``writer.PdfWriter`` is what to call and shows the way a block of rows goes; ``reading.PdfReading`` reads a file back
with code of its own (``syntax``, ``parsing``, ``extraction``, ``tree``).

::

    texts      what each cell shows
    cells      cells -> one array of units          characters, glyphs, faces: what a unit is, who draws it, how wide
                                                    shaping, bidi, scripts, snippets: units of complex text
    columns    how wide, and which side by side     from the first block
    lines      where lines end                      text: all of it together
    paint      cells -> operators of a page         marks: which of them are read, and as what
    pages      operators -> streams in the file     document: reportlab's object model, written as it is finished
                                                    references: where in the file each object is
    tags       the structure tree of all marks      for screen readers, and for copying tables
    closing    page numbers, bookmarks, fonts       frame, metadata, embedding, boxes

Measures on a page are tenths of a point (``geometry``), those of text thousandths of the font size.
"""
