import pytest

from exports.engine import columns, shape
from exports.engine.decode import decode
from exports.types import Column, Field, Kind, Layout
from exports.writers import writer_class
from exports.writers.verify import verify


class Export:
    """One small export: what was asked, what the writer said, where the file is."""

    def __init__(self, folder, format, kinds, body, size=16_384, labels=None, **layout):
        self.fields = [
            Field(name=name, label=name.title(), kind=Kind(kind), labels=labels) for name, kind in kinds.items()
        ]
        self.table = columns.build(decode(body, self.fields), self.fields)
        self.layout = Layout(
            columns=tuple(
                Column(field=field, header=field.label, width=self.table.widths[field.name]) for field in self.fields
            ),
            **layout,
        )
        self.format, self.size = format, size
        self.path = folder / f"export{writer_class(format).extension}"
        with self.path.open("w+b") as file:
            writer = writer_class(format)(file, self.layout)
            for rows in self.slices():
                writer.write(rows)
            self.written = writer.close()

    def slices(self):
        return shape.slices(self.table, self.fields, self.size, self.layout.empty)

    def verify(self, *, deep=True):
        return verify(self.path, self.format, self.written, self.layout, self.slices() if deep else None)


@pytest.fixture
def export(tmp_path):
    """Make an export: ``export("excel", {"name": "text"}, b'[...]')``."""
    return lambda *args, **extra: Export(tmp_path, *args, **extra)
