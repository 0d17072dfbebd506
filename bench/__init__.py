"""What the portal's speed, memory and file sizes are, against the alternatives; start with ``bin/bench``.

``cases`` says what is measured and which figure each target asks for, ``contenders`` and ``pdf`` how each library does
the work, ``measure`` runs them in turn (A B A B), each run a process of its own, ``report`` prints. Records come from
``data`` and are the same on every machine; ``sources`` has databases to pull them from.
"""
