"""PDF: a table of any length, in every script, laid out by the block.

``writer.PdfWriter`` is what to call and shows the way a block of rows goes; ``reading.PdfReading`` reads a file back
with code of its own (``parsing``, ``extraction``).

::

    texts      what each cell shows
    cells      cells -> one array of units          characters, glyphs, faces: what a unit is, who draws it, how wide
                                                    shaping, bidi, scripts, snippets: units of complex text
    columns    how wide, and which side by side     from the first block
    lines      where lines end                      text: all of it together
    paint      rows -> operators of a page
    pages      operators -> streams in the file     document: reportlab's object model, written as it is finished
    closing    page numbers, bookmarks, fonts       frame, metadata, embedding, boxes

Measures on a page are tenths of a point (``geometry``), those of text thousandths of the font size.
"""
