"""How gunicorn serves the portal; GUNICORN_CMD_ARGS and command-line options override each line."""

import os

bind = os.environ.get("BIND_ADDRESS", "127.0.0.1") + ":" + os.environ.get("PORT", "8000")

workers = int(os.environ.get("WEB_CONCURRENCY", "2"))
worker_class = "gthread"
# A thread is held for as long as a call waits for its file, so there are more of them than cores.
threads = 16
# A child forked from a process that has run Polars hangs at its first query: nothing is loaded before the fork.
preload_app = False

# Above the 280 s that a call may wait for its file: neither a silent worker nor a restart cuts it short.
timeout = 300
graceful_timeout = 300
keepalive = 5

# Its default path is one for each person, so a second instance would take it from the first.
control_socket_disable = True
