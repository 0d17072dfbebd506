"""``manage.py check_source``: can the source database be exported from, and what would make it quick?"""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from exports import catalogue
from exports.exceptions import SourceUnavailable
from exports.sources.inspection import Inspection, inspect


class Command(BaseCommand):
    """Changes nothing; fails where something is wrong."""

    help = "Test the connection to the source database, the columns every resource reads, its key and its indexes."

    def add_arguments(self, parser: CommandParser) -> None:
        """Take the names of resources."""
        parser.add_argument("resource", nargs="*", help="resources to check, such as participants (default: all)")

    def handle(self, *args: Any, **options: Any) -> None:
        """Say of each resource what was found."""
        found = [self._inspected(resource) for resource in _chosen(options["resource"])]
        if not found:
            raise CommandError("No resource has a source.")
        broken = [each.resource.name for each in found if not each.is_sound]
        if broken:
            raise CommandError(f"Cannot be exported: {', '.join(broken)}.")

    def _inspected(self, resource: catalogue.Resource) -> Inspection:
        try:
            found = inspect(resource)
        except SourceUnavailable as error:
            raise CommandError(f"{error} SOURCE_DATABASE_URL says where it is.") from error
        name = f"{resource.catalogue}/{resource.name}"
        if found.is_sound:
            self.stdout.write(self.style.SUCCESS(f"{name}: {found.records:,} records"))
        for problem in found.problems:
            self.stdout.write(self.style.ERROR(f"{name}: {problem}"))
        if found.duplicates:
            self.stdout.write(self.style.ERROR(f"{name}: the key is empty or not unique in {found.duplicates:,} rows"))
        for index in found.missing_indexes:
            self.stdout.write(self.style.WARNING(f"{name}: an index is missing: {index}"))
        return found


def _chosen(names: list[str]) -> list[catalogue.Resource]:
    known = [each for each in catalogue.definitions().resources.values() if each.source is not None]
    known_names = [each.name for each in known]
    for name in names:
        if name not in known_names:
            hint = catalogue.did_you_mean(name, known_names) or f"There are: {', '.join(known_names)}."
            raise CommandError(f"No resource with a source is called '{name}'. {hint}")
    return [each for each in known if not names or each.name in names]
