import re
from pathlib import Path

from exports.types import Lane

READ_BY_SETTINGS = set(re.findall(r'env\.\w+\(\s*"(\w+)"', Path("ybbexport/settings.py").read_text()))
READ_BY_GUNICORN = set(re.findall(r'environ\.get\("(\w+)"', Path("deploy/gunicorn.conf.py").read_text()))
LISTED = re.findall(r"^#?([A-Z_]+)=", Path(".env.example").read_text(), re.MULTILINE)


def test_every_variable_is_listed_once():
    workers = {f"WORKERS_{lane.upper()}" for lane in Lane}
    assert sorted(LISTED) == sorted(READ_BY_SETTINGS | READ_BY_GUNICORN | workers)
