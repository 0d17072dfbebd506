"""The reference of the HTTP API: an OpenAPI 3.1 document and a page to read it.

Each dialect's table (``ybb``, ``platform``, ``v1``, ``uploads``, ``jobs``) has an entry for each method of each route:
what it takes, what it answers, which errors it knows. The shapes are the types of the code itself, and the errors are
worded by the dialect that is spoken, so neither is written twice. ``document`` makes one document of it all
(drf-spectacular), ``views`` serves it.

A new route: an entry in the table of its dialect, and a call of it in ``tests/api/reference/scenarios.py``, from which
``RECORD_EXAMPLES=1 pytest tests/api/reference`` writes the examples. Tests say what is missing.
"""
