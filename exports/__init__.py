"""Exports: records in, files out.

Two files carry the flow; everything else is a room they lead into::

    api | portal | admin | schedules | manage.py export   who asks
          -> service.submit(ExportSpec) -> ExportRequest   the front door: validates, plans, stages, commits, enqueues
                -> tasks.run.take_turn(export_id)          another process, any host
                      -> pipeline                          the engine room
                           sources -> engine -> writers -> delivery
                           columns    shaped    one file   stored, verified, published

Where to look:

``service.py``    everything that may be asked for
``validation/``   what a wish means; ``estimates.py`` says what it would become
``admission.py``  who is let in; ``acceptance.py`` makes a wish durable
``datasets.py``   records that are uploaded in pieces beforehand
``custom_templates.py``  templates that callers make beside those of the definition files
``webhooks.py``   addresses that are told what becomes of exports
``pipeline.py``   everything that then happens; ``reading.py`` is its first step where records did not come along, and
                  ``attempt.py`` says what trouble on the way means
``streams.py``    files that leave while they are made; ``follower.py`` reads what somebody else is writing
``planning.py``   how many files, which strategy, which lane: arithmetic on numbers and policies
``turns/``        whose turn it is in a lane: arithmetic as well; ``progress/`` tells people what follows from it
``catalogue/``    what can be exported; ``templates_config/`` holds the definitions
``sources/``      where records come from
``engine/``       records to typed columns to shaped slices; no database, no HTTP
``writers/``      slices to bytes in an open file; no database, no HTTP
``delivery/``     storage of staged columns and finished files; links, and notices to whoever wants to hear of them
``models/``       the durable truth: states, leases, events
``tasks/``        what a worker runs; ``dispatch.py`` is the one place that hands it work
``api/``          HTTP for machines; ``api/dialects/`` holds one wire format each
``schedules/``    exports that are made again and again: when, for whom, and what is due
``portal/``       HTML for staff; ``admin/`` for auditors

Who may import whom is checked by the import contracts in ``pyproject.toml``.
"""
