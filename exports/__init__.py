"""Exports: records in, files out.

Two files carry the flow; everything else is a room they lead into::

    api | portal | admin | manage.py export               who asks
          -> service.submit(ExportSpec) -> ExportRequest   the front door: validates, plans, stages, commits, enqueues
                -> tasks.run.run_export(request_id)        another process, any host
                      -> pipeline                          the engine room
                           sources -> engine -> writers -> delivery
                           columns    shaped    one file   stored, verified, published

Where to look:

``service.py``    everything that may be asked for
``pipeline.py``   everything that then happens
``planning.py``   how many files, which strategy, which lane: arithmetic on numbers and policies
``catalogue/``    what can be exported; ``templates_config/`` holds the definitions
``sources/``      where records come from
``engine/``       records to typed columns to shaped slices; no database, no HTTP
``writers/``      slices to bytes in an open file; no database, no HTTP
``delivery/``     storage of staged columns and finished files
``models/``       the durable truth: states, leases, events
``tasks/``        what a worker runs; ``dispatch.py`` is the one place that hands it work
``api/``          HTTP for machines; ``api/dialects/`` holds one wire format each
``portal/``       HTML for staff; ``admin/`` for auditors

Who may import whom is checked by the import contracts in ``pyproject.toml``.
"""
