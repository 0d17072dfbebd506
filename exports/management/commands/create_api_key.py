"""Makes an API client and prints its key."""

from typing import Any

from django.contrib.auth import get_user_model
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser

from exports.models import ApiClient


class Command(BaseCommand):
    """Prints what was made and, as the last line, the key: ``KEY=$(manage.py create_api_key shop | tail -n 1)``."""

    help = "Make an API client. Its key is the last line printed; it is stored as a hash and cannot be shown again."

    def add_arguments(self, parser: CommandParser) -> None:
        """Name the client and what it may do."""
        parser.add_argument("name", help="what the application is called, up to 50 characters")
        parser.add_argument("--user", metavar="USERNAME", help="the person it acts for, whose exports its exports are")
        parser.add_argument(
            "--program",
            metavar="ID",
            type=int,
            action="append",
            default=[],
            help="a program it may export; default: all",
        )
        parser.add_argument(
            "--network", metavar="CIDR", action="append", default=[], help="a network it may call from; default: all"
        )
        parser.add_argument(
            "--hide-sensitive",
            action="store_true",
            help="hide the values of fields that the definitions call sensitive",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Make the client."""
        client = ApiClient(
            name=options["name"],
            user=_user(options["user"]),
            programs=options["program"],
            networks=options["network"],
            export_sensitive=not options["hide_sensitive"],
        )
        key = ApiClient.objects.assign_key(client)
        try:
            client.full_clean()
        except ValidationError as error:
            raise CommandError(" ".join(error.messages)) from error
        client.save()
        self.stdout.write(_description(client))
        self.stdout.write("The key is shown only now. The client sends it as the header `Authorization: Bearer KEY`.")
        self.stdout.write(key)


def _user(username: str | None) -> User | None:
    if username is None:
        return None
    try:
        return get_user_model().objects.get_by_natural_key(username)
    except get_user_model().DoesNotExist as error:
        raise CommandError(f"There is no user '{username}'.") from error


def _description(client: ApiClient) -> str:
    whose = f"acts for {client.user}, " if client.user else ""
    programs = f"program {', '.join(map(str, client.programs))}" if client.programs else "every program"
    networks = ", ".join(client.networks) or "every network"
    hidden = "" if client.export_sensitive else " without sensitive values"
    return f"Made the API client '{client.name}': {whose}may export {programs}{hidden}, may call from {networks}."
