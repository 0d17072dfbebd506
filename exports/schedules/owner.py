"""In whose name the runs of a schedule are made: with the permissions its owner has at that moment."""

from exports.exceptions import NotAllowed
from exports.models import ExportSchedule
from exports.types import Principal


def principal_of(schedule: ExportSchedule, address: str | None = None) -> Principal:
    """Return the owner as somebody who asks; what the owner may export is for the service to say.

    Raises:
        NotAllowed: the owner may do nothing any more.
    """
    client, user = schedule.client, schedule.user
    principal = Principal(client=client, user=user, address=address)
    if principal.owner != schedule.owner:
        raise NotAllowed("Whoever made the schedule does not exist any more.")
    if client is not None and client.revoked:
        raise NotAllowed("The API key that the schedule was made with is revoked.")
    if client is not None and client.has_expired:
        raise NotAllowed("The API key that the schedule was made with has expired.")
    people = (user, client.user if client else None)
    if not all(person.is_active for person in people if person is not None):
        raise NotAllowed("The account of the schedule's owner is not active any more.")
    return principal
