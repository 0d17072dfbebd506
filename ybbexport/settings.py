"""The project's settings: the only reader of the environment. `.env.example` lists every variable.

Everything has a default that suits a laptop; three variables change the parts below without a change of code:
``DATABASE_URL`` (SQLite to PostgreSQL), ``REDIS_URL`` (queue in the database to Redis), ``DATA_DIR`` (where files are).
"""

import os
from pathlib import Path
from typing import Any

import environ
from django.core.exceptions import ImproperlyConfigured

from exports.sources.connection import source_settings

BASE_DIR = Path(__file__).resolve().parent.parent

env = environ.Env()
if (BASE_DIR / ".env").is_file():
    env.read_env(BASE_DIR / ".env")

DATA_DIR = Path(env.str("DATA_DIR", default=str(BASE_DIR / "var"))).resolve()
"""The database, the files and the keys of one installation."""

DEBUG = env.bool("DEBUG", default=False)


def _secret_key() -> str:
    """Return SECRET_KEY, or the key kept in DATA_DIR, which is made the first time it is needed."""
    key = str(env.str("SECRET_KEY", default=""))
    if key:
        return key
    from django.core.management.utils import get_random_secret_key

    DATA_DIR.mkdir(parents=True, exist_ok=True)
    file = DATA_DIR / "secret.key"
    try:
        file.touch(mode=0o600, exist_ok=False)
        file.write_text(get_random_secret_key(), encoding="utf-8")
    except FileExistsError:
        pass
    except OSError as error:
        raise ImproperlyConfigured(
            "Set SECRET_KEY, or make DATA_DIR writable so that one can be kept there."
        ) from error
    return file.read_text(encoding="utf-8")


SECRET_KEY = _secret_key()
SECRET_KEY_FALLBACKS = env.list("SECRET_KEY_FALLBACKS", default=[])
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["localhost", "127.0.0.1", "[::1]"])
PUBLIC_URL = env.str("PUBLIC_URL", default=f"http://127.0.0.1:{env.int('PORT', default=8000)}").rstrip("/")
CSRF_TRUSTED_ORIGINS = [PUBLIC_URL]

INSTALLED_APPS = [
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "rest_framework",
    "rest_framework_api_key",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "django_htmx",
    "django_q",
    "exports",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
]

ROOT_URLCONF = "ybbexport.urls"
WSGI_APPLICATION = "ybbexport.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    },
]

# Databases: SQLite needs nothing installed; its settings let many short transactions share one file.
DATABASES = {"default": env.db_url("DATABASE_URL", default=f"sqlite:///{DATA_DIR / 'db.sqlite3'}")}
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    DATABASES["default"]["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;",
    }
else:
    DATABASES["default"].setdefault("CONN_MAX_AGE", 60)
    DATABASES["default"]["CONN_HEALTH_CHECKS"] = True
if DATABASES["default"]["ENGINE"].endswith("postgresql"):
    # A host that stands still in the middle of a transaction holds its rows, and the sweeps of all hosts wait for it.
    idle = "-c idle_in_transaction_session_timeout=30s"
    DATABASES["default"].setdefault("OPTIONS", {}).setdefault("options", idle)
EXPORTS_TIME_ZONE = env.str("EXPORTS_TIME_ZONE", default="UTC")
# Whose records are exported: only ever read, under an alias of its own. Nothing is migrated there.
SOURCE_DATABASE_URL = env.str("SOURCE_DATABASE_URL", default="") or f"sqlite:///{DATA_DIR / 'source.sqlite3'}"
DATABASES["source"] = source_settings(env.db_url_config(SOURCE_DATABASE_URL), EXPORTS_TIME_ZONE)
DATABASE_ROUTERS = ["exports.sources.connection.SourceRouter"]
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# Queue: django-q2. The arithmetic behind `retry` and `queue_limit` is explained in docs/decisions.md.
REDIS_URL = env.str("REDIS_URL", default="")


CORES = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _workers(lane: str, most: int, cores: int = CORES) -> int:
    """Return how many exports a lane makes at once: as many as document 002 says, as far as there are cores."""
    return int(env.int(f"WORKERS_{lane}", default=max(min(most, cores), 1)))


def _lane(workers: int, timeout: int, poll: float) -> dict[str, Any]:
    """Return one cluster's settings; `timeout` in seconds is the longest one task may run."""
    queue_limit = workers
    return {
        "workers": workers,
        "queue_limit": queue_limit,
        "timeout": timeout,
        # A message may wait behind prefetched ones before it runs; it must not come back meanwhile.
        "retry": (2 + -(-(queue_limit + 1) // workers)) * (timeout + 4) + 30,
        "poll": poll,
        "bulk": 1,
    }


Q_CLUSTER: dict[str, Any] = {
    "name": "normal",
    **({"redis": REDIS_URL} if REDIS_URL else {"orm": "default"}),
    **_lane(_workers("NORMAL", 3), 1800, 0.1),
    "guard_cycle": 0.5,
    "max_attempts": 3,
    "ack_failures": False,
    "recycle": 50,
    "max_rss": 800_000,
    "save_limit": 0,
    "catch_up": False,
    "label": "Queue",
    "ALT_CLUSTERS": {
        "immediate": _lane(_workers("IMMEDIATE", 10, CORES // 2), 300, 0.1),
        "high": _lane(_workers("HIGH", 5), 900, 0.1),
        "low": _lane(_workers("LOW", 1), 3600, 0.2),
    },
}

# Who is who
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in (
        "UserAttributeSimilarityValidator",
        "MinimumLengthValidator",
        "CommonPasswordValidator",
        "NumericPasswordValidator",
    )
]
LOGIN_URL = "portal:login"
LOGIN_REDIRECT_URL = "portal:history"
LOGOUT_REDIRECT_URL = "portal:login"

# API
REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": ["exports.api.authentication.ApiKeyAuthentication"],
    "DEFAULT_PERMISSION_CLASSES": ["exports.api.authentication.HasClient"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["exports.api.parsers.JSONBodyParser"],
    "EXCEPTION_HANDLER": "exports.api.errors.exception_handler",
    "UNAUTHENTICATED_USER": None,
    "DEFAULT_SCHEMA_CLASS": "exports.api.reference.document.OperationSchema",
}
SPECTACULAR_SETTINGS = {
    "OAS_VERSION": "3.1.0",
    "TITLE": "YBB Export Portal",
    "DESCRIPTION": (
        "Records in, files out. Each tag is one dialect: the paths, names and shapes of one published contract. An "
        "export made through one can be looked up and downloaded through every other."
    ),
    "VERSION": "1.0.0",
    "TAGS": [
        {"name": "ybb", "description": "Records are pushed, the answer waits for the file."},
        {"name": "platform", "description": "Filters are sent, records are pulled; queues, strategies, progress."},
        {"name": "v1", "description": "Exports of any resource for one user, and uploads in pieces."},
        {"name": "jobs", "description": "Export jobs, known by a number."},
    ],
    # drf-spectacular's own hook renames enumerations for serializers, of which there are none.
    "POSTPROCESSING_HOOKS": [],
}
DATA_UPLOAD_MAX_MEMORY_SIZE = env.int("MAX_BODY_BYTES", default=100 * 1024 * 1024)

# Exports (exports/conf.py has the rest, with defaults)
EXPORTS_TEMPLATES_DIR = BASE_DIR / "templates_config"
EXPORTS_STORAGE_DIR = DATA_DIR / "files"
EXPORTS_PUBLIC_URL = PUBLIC_URL
# The names of these three are document 004's ("Configuration & Environment Variables").
EXPORTS_POLICIES = {
    "jobs": {
        **({"max_records": env.int("EXPORT_MAX_RECORDS")} if "EXPORT_MAX_RECORDS" in env else {}),
        **({"retention_hours": 24 * env.int("EXPORT_RETENTION_DAYS")} if "EXPORT_RETENTION_DAYS" in env else {}),
    }
}
EXPORTS_ARCHIVE_DIR = Path(env.str("EXPORT_ARCHIVE_PATH")) if env.str("EXPORT_ARCHIVE_PATH", default="") else None
EXPORTS_MAX_QUEUE = env.int("EXPORTS_MAX_QUEUE", default=50)
EXPORTS_MAX_SCHEDULES = env.int("EXPORTS_MAX_SCHEDULES", default=100)
EXPORTS_SCHEDULE_MINUTES = env.int("EXPORTS_SCHEDULE_MINUTES", default=15)
EXPORTS_MEMORY_LIMIT_BYTES = env.int("EXPORTS_MEMORY_LIMIT_BYTES", default=1024 * 1024 * 1024)
EXPORTS_TRUSTED_NETWORKS = tuple(env.list("API_TRUSTED_NETWORKS", default=[]))
EXPORTS_PROXY_NETWORKS = tuple(env.list("PROXY_NETWORKS", default=[]))
EXPORTS_TRUSTED_CLIENT = env.str("API_TRUSTED_CLIENT", default="trusted-network")
EXPORTS_WEBHOOK_NETWORKS = tuple(env.list("WEBHOOK_NETWORKS", default=[]))
EXPORTS_MAX_WEBHOOKS = env.int("EXPORTS_MAX_WEBHOOKS", default=10)

# E-mail (document 004, "Email Notifications")
EXPORTS_EMAIL_ENABLED = env.bool("ENABLE_EMAIL_NOTIFICATIONS", default=False)
EXPORTS_EMAIL_DOMAINS = tuple(env.list("EXPORTS_EMAIL_DOMAINS", default=[]))
EXPORTS_EXPIRY_REMINDER_HOURS = env.int("EXPORTS_EXPIRY_REMINDER_HOURS", default=24)
EMAIL_HOST = env.str("SMTP_HOST", default="")
EMAIL_PORT = env.int("SMTP_PORT", default=587)
EMAIL_HOST_USER = env.str("SMTP_USER", default="")
EMAIL_HOST_PASSWORD = env.str("SMTP_PASSWORD", default="")
DEFAULT_FROM_EMAIL = SERVER_EMAIL = env.str("SMTP_FROM_ADDRESS", default="")
# Port 465 speaks TLS from the first byte (RFC 8314); every other one is asked for it by STARTTLS.
SMTP_USE_TLS = env.bool("SMTP_USE_TLS", default=True)
EMAIL_USE_SSL = SMTP_USE_TLS and EMAIL_PORT == 465
EMAIL_USE_TLS = SMTP_USE_TLS and not EMAIL_USE_SSL
# Seconds for each step of the conversation; the whole of it has a limit of its own (exports/delivery/email.py).
EMAIL_TIMEOUT = 15

# Language and time
LANGUAGE_CODE = "en"
LANGUAGES = [("en", "English"), ("id", "Bahasa Indonesia")]
LOCALE_PATHS = [BASE_DIR / "exports" / "locale"]
LANGUAGE_COOKIE_AGE = 365 * 24 * 3600
LANGUAGE_COOKIE_HTTPONLY = True
LANGUAGE_COOKIE_SAMESITE = "Lax"
TIME_ZONE = "UTC"
USE_I18N = True
USE_TZ = True

# Static files: whitenoise serves what collectstatic gathers, under names that carry a hash.
STATIC_URL = "static/"
STATICFILES_DIRS = [BASE_DIR / "static"]
STATIC_ROOT = DATA_DIR / "static"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}

# Security
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'self'"],
        "img-src": ["'self'", "data:"],
        "object-src": ["'none'"],
        "base-uri": ["'none'"],
        "form-action": ["'self'"],
        "frame-ancestors": ["'none'"],
    },
}
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
SESSION_COOKIE_HTTPONLY = True
if PUBLIC_URL.startswith("https://"):
    SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = True
    SECURE_SSL_REDIRECT = env.bool("SECURE_SSL_REDIRECT", default=True)
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if env.bool("BEHIND_PROXY", default=False) else None
    SECURE_HSTS_SECONDS = env.int("SECURE_HSTS_SECONDS", default=31_536_000)

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name} {message}", "style": "{"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": env.str("LOG_LEVEL", default="INFO")},
    "loggers": {
        "django-q": {"handlers": ["console"], "level": "WARNING", "propagate": False},
        # Its warnings quote addresses of webhooks, which may be secrets of their receivers.
        "urllib3": {"level": "ERROR"},
    },
}
