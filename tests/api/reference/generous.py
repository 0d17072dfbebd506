"""The portal's settings with limits that thousands of generated calls in a minute do not meet."""

import os
from pathlib import Path

from ybbexport.settings import *  # noqa: F403

EXPORTS_TEMPLATES_DIR = Path(os.environ["GENEROUS_TEMPLATES_DIR"])
EXPORTS_MAX_QUEUE = EXPORTS_MAX_OPEN_DATASETS = 1_000_000
