"""How Django is to open a source database: only to read, every transaction of one moment, no long wait to connect."""

from datetime import date, datetime
from typing import Any

ALIAS = "source"
"""Name of the connection in Django's settings."""
CONNECT_SECONDS = 5


def source_settings(parsed: dict[str, Any], zone: str = "UTC") -> dict[str, Any]:
    """Return an entry of ``DATABASES`` that only reads, for what ``SOURCE_DATABASE_URL`` says.

    ``zone`` (IANA) is the one of exports: moments that know their zone are compared in it, for so they are shown.

    Raises:
        ValueError: it is neither SQLite nor MySQL, MariaDB or PostgreSQL.
    """
    engine = str(parsed["ENGINE"]).rpartition(".")[2]
    if engine not in _OPTIONS:
        raise ValueError(f"A source database may be SQLite, MySQL, MariaDB or PostgreSQL, not '{engine}'.")
    if engine == "mysql":
        _use_pymysql()
    if engine == "sqlite3":
        parsed = parsed | {"NAME": f"file:{parsed['NAME']}?mode=ro"}
    options = _OPTIONS[engine] | parsed.get("OPTIONS", {})
    return parsed | {"OPTIONS": options, "TIME_ZONE": zone, "CONN_MAX_AGE": 60, "CONN_HEALTH_CHECKS": True}


class SourceRouter:
    """Keeps the portal's own tables out of the source database."""

    def allow_migrate(self, db: str, app_label: str, **hints: Any) -> bool | None:
        """Refuse for the source database; of others nothing is said."""
        return False if db == ALIAS else None


_OPTIONS: dict[str, dict[str, Any]] = {
    # Django would read what is declared as a moment or a boolean, and lose what is none.
    "sqlite3": {"timeout": 20, "init_command": "PRAGMA query_only=ON", "detect_types": 0},
    "mysql": {
        "charset": "utf8mb4",
        "connect_timeout": CONNECT_SECONDS,
        "init_command": "SET SESSION TRANSACTION READ ONLY",
    },
    # Compiling a page's query took the server 0.9 s, and saved nothing of the 0.3 s that it runs.
    "postgresql": {"connect_timeout": CONNECT_SECONDS, "options": "-c default_transaction_read_only=on -c jit=off"},
}


def _use_pymysql() -> None:
    """Let Django use PyMySQL where mysqlclient, which has to be compiled, is not installed."""
    try:
        import MySQLdb  # noqa: F401
    except ImportError:
        import pymysql
        from pymysql import converters
        from pymysql.constants import FIELD_TYPE

        # What Django asks of mysqlclient; PyMySQL follows its interface.
        pymysql.version_info = (2, 2, 1, "final", 0)
        pymysql.install_as_MySQLdb()
        for kind in (FIELD_TYPE.DATETIME, FIELD_TYPE.TIMESTAMP):
            converters.conversions[kind] = moment


def moment(text: str) -> date | str:
    """Return what PyMySQL makes of a DATETIME; its own way takes 25 times as long."""
    from pymysql.converters import convert_datetime

    try:
        return datetime.fromisoformat(text)
    except ValueError:
        found: date | str = convert_datetime(text)
        return found
