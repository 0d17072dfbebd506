"""Starts ``command`` once Django is set up; see `bin/faults`."""

import signal
import sys

import django

django.setup()

from .command import main  # noqa: E402 - it imports models

# However it is ended, what it started is ended too.
for number in (signal.SIGTERM, signal.SIGALRM):
    signal.signal(number, lambda *_: sys.exit("ended before it was over"))
sys.exit(main())
