"""A small resource of the tests' own: two tables to change at will, and the one file that declares it."""

import shutil
from pathlib import Path

from django.conf import settings

DEFINITION = """
label = "Things"
key = "id"
program = "box"
watermark = "changed_at"
breakdown = "colour"

[mappings.colour]
r = "Red"
b = "Blue"

[fields]
id = { label = "ID", kind = "integer" }
name = { label = "Name" }
colour = { label = "Colour", kind = "code", mapping = "colour" }
size = { label = "Size", kind = "decimal" }
box = { label = "Box", kind = "integer" }
changed_at = { label = "Changed", kind = "datetime" }
parts = { label = "Parts", kind = "list", related = "parts" }

[related.parts]
label = "Parts"
text = "{word}"
fields = { word = { label = "Word" } }

[templates.standard]
description = "All columns"
records_per_file = 100
fields = ["id", "name", "colour", "size", "changed_at"]

[templates.split]
description = "Some records a file"
records_per_file = 4
max_records_single_file = 4
fields = ["id", "name"]

[filters.name]
label = "Name"
field = "name"

[filters.colour]
label = "Colour"
field = "colour"

[filters.box]
label = "Box"
field = "box"

[filters.size]
label = "Size between"
field = "size"
operator = "between"

[filters.changed]
label = "Changed between"
field = "changed_at"
operator = "between"

[filters.search]
label = "Search"
fields = ["name"]
operator = "search"

[filters.limit]
label = "At most"
operator = "limit"

[options.with_parts]
label = "Parts"
fields = ["parts"]

[options.by_colour]
label = "By colour"
sort = ["colour"]

[sort]
columns = ["id", "name", "size", "changed_at"]

[source]
from = "things t"
key = "t.id"
where = "t.name NOT LIKE '%hidden%'"

[source.columns]
id = "t.id"
name = "t.name"
colour = "t.colour"
size = "t.size"
box = "t.box"
changed_at = "t.changed_at"

[source.related.parts]
from = "thing_parts q"
key = "q.thing_id"
order = "q.id"
columns = { word = "q.word" }

[[source.indexes]]
table = "things"
columns = ["box", "id"]
"""
COLUMNS = ("id", "name", "colour", "size", "box", "changed_at")
MOMENTS = {"sqlite": "DATETIME", "mysql": "DATETIME(6)", "postgresql": "TIMESTAMP"}
OTHERS = {
    "mysql": ("id", "KILL {}", "information_schema.processlist WHERE db = DATABASE() AND id <> CONNECTION_ID()"),
    "postgresql": (
        "pid",
        "SELECT pg_terminate_backend({})",
        "pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()",
    ),
}
"""What names the other connections to the database, and ends one of them."""
MORNING = "2026-05-15 08:00:00"


class Things:
    """The tables, over a connection that may write."""

    def __init__(self, connection, vendor):
        self._connection, self.vendor = connection, vendor
        self._as_made = False

    def empty(self):
        """Have the tables as they were made, without rows."""
        if not self._as_made:
            self.drop()
            self._create()
        self.run("DELETE FROM things")
        self.run("DELETE FROM thing_parts")

    def _create(self):
        moment = MOMENTS[self.vendor]
        self.run("CREATE TABLE thing_parts (id INTEGER PRIMARY KEY, thing_id INTEGER, word VARCHAR(100))")
        self.run(
            "CREATE TABLE things (id INTEGER PRIMARY KEY, name VARCHAR(200), colour VARCHAR(20),"
            f" size NUMERIC(20, 4), box INTEGER, changed_at {moment})"
        )
        self.run("CREATE INDEX things_box_id ON things (box, id)")
        self._as_made = True

    def drop(self):
        for table in ("things", "thing_parts", "other_things"):
            self.run(f"DROP TABLE IF EXISTS {table}")

    def run(self, statement, *values):
        """Do one thing, committed at once; values stand where a statement says ``%s``."""
        self._as_made &= not statement.startswith(("ALTER", "CREATE", "DROP"))
        statement = statement.replace("%s", "?") if self.vendor == "sqlite" else statement
        cursor = self._connection.cursor()
        cursor.execute(statement, values) if values else cursor.execute(statement)
        return cursor.fetchall() if cursor.description else []

    def kill_readers(self):
        """End every other connection to the database."""
        own, kill, others = OTHERS[self.vendor]
        for (other,) in self.run(f"SELECT {own} FROM {others}"):
            self.run(kill.format(other))

    def add(self, *ids, **values):
        """Add rows with these keys."""
        for key in ids:
            row = {"name": f"Thing {key}", "colour": "r", "size": key, "box": 1, "changed_at": MORNING} | values
            self.run(f"INSERT INTO things (id, {', '.join(row)}) VALUES (%s{', %s' * len(row)})", key, *row.values())

    def add_part(self, key, thing, word):
        self.run("INSERT INTO thing_parts (id, thing_id, word) VALUES (%s, %s, %s)", key, thing, word)


def definitions(folder: Path, definition: str = DEFINITION) -> Path:
    """Return a copy of the shipped definitions with one file more: that of the things."""
    copy = Path(shutil.copytree(settings.EXPORTS_TEMPLATES_DIR, folder / "definitions"))
    (copy / "platform" / "things.toml").write_text(definition, encoding="utf-8")
    return copy
