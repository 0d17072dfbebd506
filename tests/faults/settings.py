"""The project's settings with short leases, and with exports that can be told to misbehave."""

from ybbexport.settings import *  # noqa: F403
from ybbexport.settings import DATABASES, INSTALLED_APPS, env

INSTALLED_APPS = [*INSTALLED_APPS, "tests.faults"]
EXPORTS_LEASE_SECONDS = env.float("FAULTS_LEASE", default=2.0)
if DATABASES["default"]["ENGINE"].endswith("postgresql"):
    DATABASES["default"]["OPTIONS"]["options"] = "-c idle_in_transaction_session_timeout=2s"
EXPORTS_BEAT_SECONDS = env.float("FAULTS_BEAT", default=0.1)
EXPORTS_SWEEP_SECONDS = env.float("FAULTS_SWEEP", default=0.3)
EXPORTS_SCHEDULE_SECONDS = 0.3
EXPORTS_CANARY_SECONDS = 0.5
EXPORTS_CANARY_LIMIT_SECONDS = env.float("FAULTS_CANARY_LIMIT", default=2.0)
EXPORTS_TURN_SECONDS = 0.5
EXPORTS_MAX_ATTEMPTS = env.int("FAULTS_ATTEMPTS", default=3)
EXPORTS_MIN_FREE_BYTES = 0
EXPORTS_SLICE_ROWS = env.int("FAULTS_SLICE_ROWS", default=16_384)
EXPORTS_STREAM_WAIT_SECONDS = env.float("FAULTS_STREAM_WAIT", default=30.0)
