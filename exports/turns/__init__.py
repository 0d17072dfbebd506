"""Whose turn it is in a lane, and when each export will begin and end: pure arithmetic on numbers.

A worker stays with an export for one turn and then asks again whose turn it is. ``next_job`` is the answer (``line``
holds the rule), and ``forecast`` plays a lane forward by the same answer (``play``), so that what people are told is
what is going to happen. ``job`` says what both need to know of an export.
"""

from .job import Job
from .line import next_job
from .play import Forecast, forecast

__all__ = ["Forecast", "Job", "forecast", "next_job"]
