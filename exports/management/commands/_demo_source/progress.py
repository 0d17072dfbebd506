"""How far participants have come, and the essays they wrote on the way."""

from collections.abc import Iterator
from random import Random

from .dirt import soil, strike
from .moments import DAY, moments
from .registrations import SUCCESS, Registrations, payment_status, registrations
from .tables import Batch, Table
from .texts import QUESTIONS, answers, long_answers

NOTHING, BEGUN, DONE = range(3)
WITHOUT_STATUS = 0.01
MOST_ESSAYS = 3


def _statuses(participants: int) -> Iterator[Batch]:
    for people in registrations(participants):
        dice = people.dice("participant_statuses")
        missing = {*dice.sample(range(len(people)), k=round(len(people) * WITHOUT_STATUS))}
        there = [index for index in range(len(people)) if index not in missing]
        ids = people.ids
        paid = [payment_status(people.stories[index]) for index in there]
        forms = [DONE if status == SUCCESS else dice.choice((NOTHING, BEGUN, DONE)) for status in paid]
        papers = [int(dice.random() * (form + 1)) for form in forms]
        yield {
            "id": [ids[index] + 70_000 for index in there],
            "participant_id": [ids[index] for index in there],
            "general_status": [*map(_general, forms, papers, paid)],
            "form_status": forms,
            "document_status": papers,
            "payment_status": paid,
            "created_at": moments(people.created[index] for index in there),
            "updated_at": moments(people.created[index] + int(dice.random() * 30 * DAY) for index in there),
        }


def _general(form: int, papers: int, paid: int) -> int:
    """Return the sum of the three: done where all are, nothing where nothing is."""
    if paid == SUCCESS and form == papers == DONE:
        return DONE
    return BEGUN if form or paid else NOTHING


def _essays(participants: int) -> Iterator[Batch]:
    for people in registrations(participants):
        dice = people.dice("essays")
        counts = dice.choices(range(MOST_ESSAYS + 1), weights=(15, 35, 35, 15), k=len(people))
        places = [(index, essay) for index, count in enumerate(counts) for essay in range(count)]
        ids = people.ids
        yield {
            "id": [people.numbers[index] * (MOST_ESSAYS + 1) + essay for index, essay in places],
            "participant_id": [ids[index] for index, _ in places],
            "question": [QUESTIONS[(index + essay) % len(QUESTIONS)] for index, essay in places],
            "answer": _answers(people, dice, len(places)),
            "created_at": moments(people.created[index] + int(dice.random() * 5 * DAY) for index, _ in places),
        }


def _answers(people: Registrations, dice: Random, count: int) -> list[str]:
    drawn = dice.choices(answers(), k=count)
    strike(dice, drawn, 0.01, lambda _: dice.choice(long_answers()))
    return soil(dice, drawn)


PARTICIPANT_STATUSES = Table(
    name="participant_statuses",
    columns={
        "id": "integer",
        "participant_id": "integer",
        "general_status": "integer",
        "form_status": "integer",
        "document_status": "integer",
        "payment_status": "integer",
        "created_at": "datetime",
        "updated_at": "datetime",
    },
    batches=_statuses,
    unique=("participant_id",),
)
ESSAYS = Table(
    name="essays",
    columns={
        "id": "integer",
        "participant_id": "integer",
        "question": "text(255)",
        "answer": "longtext",
        "created_at": "datetime",
    },
    batches=_essays,
    indexes=(("participant_id",),),
)
