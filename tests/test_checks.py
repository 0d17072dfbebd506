"""Half-filled settings of e-mail stop the start and say what is missing."""

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
