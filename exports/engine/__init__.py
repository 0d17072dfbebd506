"""The engine: records in, typed columns and shaped slices out; no database, no HTTP.

Call, in this order::

    records = decode.decode_body(body, fields)            # only the wanted fields; names row and field of what is wrong
    table = columns.build(records, fields, zone)          # one Polars column per field, misfits beside it
    table.save(path); StagedTable(path)                   # the durable form: any worker, retry or host starts from it
    table = shape.order(shape.select(table, conditions, fields), sorting, fields)
    for rows in shape.slices(table, fields): writer.write(rows)
    for rows in shape.related_slices(table, field, key): writer.write_related(0, rows)

Shape of every frame: text, codes, booleans, lists and numbers are ``String`` columns named after their field (a number
is the very text it came as); dates and times are ``Datetime("ms")`` columns. A field with values that do not fit its
kind has a second ``String`` column, ``<field>?`` (``types.misfit_name``), which holds those values as text and null
elsewhere. Null means absent.

A list field may hold rows that belong to the record (``Field.related``). ``slices`` hands them out as the list they
are, or for a field that ``is_joined`` as one text; ``related_slices`` as typed rows (``related.exploded``).
"""
