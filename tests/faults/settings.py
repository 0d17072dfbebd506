"""The project's settings with short leases, and with exports that can be told to misbehave."""

from ybbexport.settings import *  # noqa: F403
from ybbexport.settings import INSTALLED_APPS, env

INSTALLED_APPS = [*INSTALLED_APPS, "tests.faults"]
EXPORTS_LEASE_SECONDS = env.float("FAULTS_LEASE", default=2.0)
EXPORTS_BEAT_SECONDS = 0.1
EXPORTS_SWEEP_SECONDS = 0.3
EXPORTS_CANARY_SECONDS = 0.5
EXPORTS_CANARY_LIMIT_SECONDS = env.float("FAULTS_CANARY_LIMIT", default=2.0)
EXPORTS_TURN_SECONDS = 0.5
EXPORTS_MAX_ATTEMPTS = env.int("FAULTS_ATTEMPTS", default=3)
EXPORTS_MIN_FREE_BYTES = 0
