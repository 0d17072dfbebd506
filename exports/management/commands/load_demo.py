"""Loads the demo: accounts, an API client and a year of history. A second run changes nothing."""

import json
import os
import secrets
import tempfile
from datetime import timedelta
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.auth import get_user_model
from django.contrib.auth.models import AbstractUser, Permission
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction
from django.utils import timezone

from exports.models import ApiClient, ExportRequest

from ._demo_history import Askers, load_history

CLIENT = "ybb-website"
MAIL_DOMAIN = "demo.invalid"
"""Marks the accounts of the demo, so that nobody else's password is ever set."""
ROLES = ("admin", "staff", "registrar")
VIEWED_MODELS = ("exportrequest", "exportfile", "exportlog", "exportanalytics")

Credentials = dict[str, Any]


class Command(BaseCommand):
    """Keeps the credentials in a file that only its owner can read; without the file, new ones are set."""

    help = "Load the demo: an admin, two members of staff, an API client and a year of history."

    def add_arguments(self, parser: CommandParser) -> None:
        """Name the file."""
        default = Path(settings.DATA_DIR) / "demo.json"
        parser.add_argument("--file", type=Path, default=default, help="where the credentials are kept (%(default)s)")

    def handle(self, *args: Any, **options: Any) -> None:
        """Load what is missing and show how to get in."""
        file: Path = options["file"]
        kept = _read(file)
        credentials = kept or _new_credentials()
        with transaction.atomic():
            users = {role: _user(role, credentials[role]["password"], is_new=kept is None) for role in ROLES}
            client = _client(credentials["api_key"])
            if not ExportRequest.objects.filter(client=client).exists():
                load_history(Askers(client=client, staff=users["staff"], registrar=users["registrar"]), timezone.now())
        if kept is None:
            _write(file, credentials)
        self.stdout.write(_farewell(file, credentials))


def _read(file: Path) -> Credentials | None:
    """Return the kept credentials, None where there are none or the file is damaged."""
    try:
        kept = json.loads(file.read_text(encoding="utf-8"))
        is_whole = bool(kept["api_key"]) and all(
            kept[role]["username"] == role and kept[role]["password"] for role in ROLES
        )
    except (OSError, ValueError, KeyError, TypeError):
        return None
    return kept if is_whole else None


def _new_credentials() -> Credentials:
    accounts = {role: {"username": role, "password": secrets.token_urlsafe(12)} for role in ROLES}
    key, _prefix, _hashed_key = ApiClient.objects.key_generator.generate()
    return {**accounts, "api_key": key}


def _write(file: Path, credentials: Credentials) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    # A temporary file is made with mode 0600, so that nobody else can read it at any moment.
    with tempfile.NamedTemporaryFile("w", dir=file.parent, encoding="utf-8", delete=False) as temporary:
        json.dump(credentials, temporary, indent=2)
        temporary.write("\n")
        temporary.flush()
        os.fsync(temporary.fileno())
    Path(temporary.name).replace(file)


def _user(role: str, password: str, *, is_new: bool) -> AbstractUser:
    """Return the account of a role, made or given its password where that is needed."""
    email = f"{role}@{MAIL_DOMAIN}"
    users = get_user_model()._default_manager
    user, created = users.get_or_create(
        username=role, defaults={"email": email, "is_staff": True, "is_superuser": role == "admin"}
    )
    if user.email != email:
        raise CommandError(
            f"The user '{role}' is not one of the demo; its password is left alone. Use another DATA_DIR."
        )
    if created or is_new:
        user.set_password(password)
        user.save(update_fields=["password"])
    if role == "staff":
        user.user_permissions.set(_auditor_permissions())
    return user


def _auditor_permissions() -> list[Permission]:
    names = ["view_all", *(f"view_{model}" for model in VIEWED_MODELS)]
    return list(Permission.objects.filter(content_type__app_label="exports", codename__in=names))


def _client(key: str) -> ApiClient:
    """Return the demo's client, made or given this key where it has another one."""
    client: ApiClient | None = ApiClient.objects.filter(name=CLIENT, revoked=False).first()
    if client is not None and client.is_valid(key):
        return client
    prefix, hashed_key = key.partition(".")[0], ApiClient.objects.key_generator.hash(key)
    if client is None:
        client = ApiClient(pk=f"{prefix}.{hashed_key}", name=CLIENT)
    # The row keeps its id: the history points at it.
    client.prefix, client.hashed_key = prefix, hashed_key
    client.save()
    ApiClient.objects.filter(pk=client.pk).update(created=timezone.now() - timedelta(days=366))
    return client


def _farewell(file: Path, credentials: Credentials) -> str:
    accounts = [f"  {role:<10} {credentials[role]['password']}" for role in ROLES]
    return "\n".join(
        [
            "Demo accounts (user name, password):",
            *accounts,
            f"API key of {CLIENT}: {credentials['api_key']}",
            f"Kept in {file}",
        ]
    )
