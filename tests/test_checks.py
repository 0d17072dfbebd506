"""Settings of e-mail: read under the names of document 004; half-filled ones stop the start and say what is missing."""

import json
import os
import subprocess
import sys

import pytest
from django.core.checks import run_checks

WHOLE = {
    "EXPORTS_EMAIL_ENABLED": True,
    "EMAIL_HOST": "smtp.example.org",
    "EMAIL_HOST_USER": "exports",
    "EMAIL_HOST_PASSWORD": "secret-5512",
    "EMAIL_USE_TLS": True,
    "DEFAULT_FROM_EMAIL": "Exports <exports@example.org>",
}


def found(settings, **changes):
    for name, value in {**WHOLE, **changes}.items():
        setattr(settings, name, value)
    return [mistake for mistake in run_checks() if mistake.id in ("exports.E006", "exports.W006")]


def test_whole_settings_pass(settings):
    assert found(settings) == []


def test_nothing_is_asked_of_who_sends_no_mail(settings):
    nothing = dict.fromkeys(WHOLE, "")
    assert found(settings, **nothing) == []


@pytest.mark.parametrize(
    ("changes", "id", "word"),
    [
        ({"EMAIL_HOST": ""}, "exports.E006", "SMTP_HOST"),
        ({"DEFAULT_FROM_EMAIL": ""}, "exports.E006", "SMTP_FROM_ADDRESS"),
        ({"DEFAULT_FROM_EMAIL": "exports@localhost, b@example.org"}, "exports.E006", "SMTP_FROM_ADDRESS"),
        ({"EMAIL_HOST_USER": ""}, "exports.E006", "SMTP_USER"),
        ({"EMAIL_HOST_PASSWORD": ""}, "exports.E006", "SMTP_PASSWORD"),
        ({"EXPORTS_EMAIL_DOMAINS": ("@example.org",)}, "exports.E006", "EXPORTS_EMAIL_DOMAINS"),
        ({"EMAIL_USE_TLS": False}, "exports.W006", "in the clear"),
    ],
)
def test_what_is_missing_is_named(settings, changes, id, word):
    (mistake,) = found(settings, **changes)
    assert mistake.id == id
    assert word in mistake.msg
    assert mistake.hint
    assert "secret-5512" not in str(mistake)


PRINT = """
import json
from django.conf import settings
names = ("EXPORTS_EMAIL_ENABLED", "EMAIL_HOST", "EMAIL_PORT", "EMAIL_USE_TLS", "EMAIL_USE_SSL", "DEFAULT_FROM_EMAIL")
print(json.dumps([getattr(settings, name) for name in names]))
"""


@pytest.mark.parametrize(
    ("variables", "read"),
    [
        ({}, [False, "", 587, True, False, ""]),
        (
            {
                "ENABLE_EMAIL_NOTIFICATIONS": "true",
                "SMTP_HOST": "smtp.gmail.com",
                "SMTP_FROM_ADDRESS": "noreply@sms.local",
            },
            [True, "smtp.gmail.com", 587, True, False, "noreply@sms.local"],
        ),
        ({"SMTP_PORT": "465"}, [False, "", 465, False, True, ""]),
        ({"SMTP_PORT": "25", "SMTP_USE_TLS": "false"}, [False, "", 25, False, False, ""]),
    ],
)
def test_variables_of_document_004_are_read(variables, read):
    environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "ybbexport.settings", **variables}
    done = subprocess.run([sys.executable, "-c", PRINT], env=environment, capture_output=True, text=True, check=True)
    assert json.loads(done.stdout) == read
