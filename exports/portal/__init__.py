"""HTML for staff: the history, one export, downloads.

A view parses, calls ``exports.service`` and renders; what somebody may not see is answered like what does not exist.
``access.py`` says who asks, ``history.py`` and ``export.py`` are the pages, ``downloads.py`` sends files. Words, sizes
and times are made by the filters of ``exports/templatetags/portal.py``.
"""
