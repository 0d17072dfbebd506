"""The database of a youth-summit platform as real life has it: what a demo or a test of the portal pulls records from.

``fill()`` makes and loads it over a connection to SQLite, MySQL or MariaDB, or PostgreSQL; ``statements()`` is what
makes the tables; a ``Table`` yields its rows. Everything is drawn from one seed: so many participants are the same rows
in every database and on every day. Each file of tables draws what goes into them; ``registrations.py`` holds what they
have to agree on, ``dirt.py`` what makes the values as untidy as typed ones.
"""

from .ddl import Vendor
from .source import TABLES, VERSION, fill, statements
from .tables import Row, Table, Value

__all__ = ["TABLES", "VERSION", "Row", "Table", "Value", "Vendor", "fill", "statements"]
