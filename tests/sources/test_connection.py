from datetime import datetime

import pytest
from pymysql.converters import convert_datetime

from exports.sources.connection import moment


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("2024-01-15 10:30:00", datetime(2024, 1, 15, 10, 30)),
        ("2024-01-15 10:30:00.000000", datetime(2024, 1, 15, 10, 30)),
        ("2024-01-15 10:30:00.5", datetime(2024, 1, 15, 10, 30, 0, 500_000)),
        ("2024-01-15 10:30:00.000125", datetime(2024, 1, 15, 10, 30, 0, 125)),
        ("9999-12-31 23:59:59", datetime(9999, 12, 31, 23, 59, 59)),
        ("0000-00-00 00:00:00", "0000-00-00 00:00:00"),
        ("2024-00-15 10:30:00", "2024-00-15 10:30:00"),
    ],
)
def test_moment_of_mysql_is_read_as_pymysql_reads_it(text, value):
    assert moment(text) == convert_datetime(text) == value
