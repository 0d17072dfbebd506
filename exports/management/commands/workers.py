"""``manage.py workers``: everything that works on exports, on this host."""

from argparse import ArgumentParser, ArgumentTypeError
from typing import Any

from django.core.management.base import BaseCommand

from exports.tasks.supervisor import Supervisor
from exports.types import Lane


class Command(BaseCommand):
    """Starts the supervisor."""

    help = "Start the workers: one cluster a lane, started again when it dies, and the janitor that sweeps after them."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Say which lanes to serve and how long to wait at the end."""
        parser.add_argument(
            "--lanes",
            type=lanes,
            default=tuple(Lane),
            help="the lanes to serve on this host, separated by commas (default: all)",
        )
        parser.add_argument(
            "--grace",
            type=float,
            default=30.0,
            help="seconds that running tasks have to end after SIGTERM (default: 30)",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Run until SIGTERM or SIGINT."""
        Supervisor(options["lanes"], options["grace"]).run()


def lanes(names: str) -> tuple[Lane, ...]:
    """Return the lanes of a list such as ``immediate,high``."""
    try:
        return tuple(dict.fromkeys(Lane(name.strip()) for name in names.split(",")))
    except ValueError as error:
        raise ArgumentTypeError(f"{error}; lanes are {', '.join(Lane)}") from error
