"""The school beside the summits: students, courses and grades."""

from collections.abc import Iterator
from datetime import date

from .dirt import empty, soil, soil_names
from .moments import DAY, days, moments
from .names import EVERY_LANGUAGE
from .nations import draw_nations, draw_phones
from .registrations import WINDOW, dice_of
from .tables import Batch, Table, gapped, spans

FEWEST_STUDENTS, MOST_COURSES = 40, 120
MOST_GRADES = 6
BIRTHDATES = days(date(1996, 1, 1), date(2007, 12, 31))
GRADED = days(date(2025, 1, 1), date(2026, 5, 31))
SEMESTERS = ("2025/1", "2025/2", "2026/1")
STATUSES = ("active", "inactive", "graduated", "suspended")
PROGRAMS = ("Leadership", "Public Speaking", "Bahasa Indonesia", "Data & Society", "日本語", "Économie sociale")
TITLES = ("Introduction to {}", "{} II", "Advanced {}: Theory & Practice", '"{}" in the Field', "{}, a Seminar")
LETTERS = ((85_00, "A"), (75_00, "B"), (65_00, "C"), (50_00, "D"), (0, "E"))
"""From how many hundredths of a point on a letter is given."""


def _student_count(participants: int) -> int:
    return max(FEWEST_STUDENTS, participants // 10)


def _course_count(participants: int) -> int:
    return min(MOST_COURSES, _student_count(participants) // 4)


def _student_id(number: int) -> int:
    return gapped(number, 100)


def _course_id(number: int) -> int:
    return gapped(number, 10)


def _semester(day: str) -> str:
    """Return the half of the year that a day such as ``2025-09-30`` is in."""
    return f"{day[:4]}/{1 if day[5:7] < '07' else 2}"


def _students(participants: int) -> Iterator[Batch]:
    for numbers in spans(_student_count(participants)):
        dice, count = dice_of("students", numbers), len(numbers)
        languages = dice.choices(EVERY_LANGUAGE, k=count)
        created = [int(dice.random() * WINDOW) for _ in numbers]
        enrolled = moments(created)
        yield {
            "id": [_student_id(number) for number in numbers],
            "student_code": [f"S2026-{number:05}" for number in numbers],
            "first_name": soil_names(dice, [dice.choice([*names.women, *names.men]) for names in languages]),
            "last_name": soil_names(dice, [dice.choice(names.families) for names in languages]),
            "email": [f"Student{number}@school.example" for number in numbers],
            "phone": soil(dice, draw_phones(dice, draw_nations(dice, count))),
            "birthdate": dice.choices(BIRTHDATES, k=count),
            "status": dice.choices(STATUSES, weights=(70, 10, 17, 3), k=count),
            "program": dice.choices(PROGRAMS, k=count),
            "enrolled_on": [moment.partition(" ")[0] for moment in enrolled],
            "created_at": enrolled,
            "updated_at": moments(second + int(dice.random() * 180 * DAY) for second in created),
        }


def _courses(participants: int) -> Iterator[Batch]:
    for numbers in spans(_course_count(participants)):
        dice, count = dice_of("courses", numbers), len(numbers)
        titles = [dice.choice(TITLES).format(dice.choice(PROGRAMS)) for _ in numbers]
        created = moments(int(dice.random() * WINDOW) for _ in numbers)
        yield {
            "id": [_course_id(number) for number in numbers],
            "course_code": [f"C{number:03}" for number in numbers],
            "title": titles,
            "description": empty(dice, [f"{title}.\nTwo hours a week; exam at the end." for title in titles], 0.2),
            "credits": dice.choices((2, 3, 4, 6), k=count),
            "instructor": [dice.choice(dice.choice(EVERY_LANGUAGE).of_women) for _ in numbers],
            "semester": dice.choices(SEMESTERS, k=count),
            "status": dice.choices(("active", "archived"), weights=(3, 1), k=count),
            "created_at": created,
            "updated_at": created,
        }


def _grades(participants: int) -> Iterator[Batch]:
    courses = _course_count(participants)
    for numbers in spans(_student_count(participants)):
        dice = dice_of("grades", numbers)
        counts = dice.choices(range(2, MOST_GRADES + 1), k=len(numbers))
        places = [(number, grade) for number, count in zip(numbers, counts, strict=True) for grade in range(count)]
        scores = [int(100_00 * (1 - dice.random() ** 2 * 0.8)) for _ in places]
        graded = dice.choices(GRADED, k=len(places))
        yield {
            "id": [number * (MOST_GRADES + 1) + grade for number, grade in places],
            "student_id": [_student_id(number) for number, _ in places],
            "course_id": [_course_id((number * 17 + grade) % courses + 1) for number, grade in places],
            "score": [f"{score // 100}.{score % 100:02}" for score in scores],
            "letter": [next(letter for least, letter in LETTERS if score >= least) for score in scores],
            "semester": [_semester(day) for day in graded],
            "status": dice.choices(("final", "provisional"), weights=(9, 1), k=len(places)),
            "graded_on": graded,
            "created_at": [f"{day} 08:00:00" for day in graded],
            "updated_at": [f"{day} 16:45:30" for day in graded],
        }


STUDENTS = Table(
    name="students",
    columns={
        "id": "integer",
        "student_code": "text(20)",
        "first_name": "text(100)",
        "last_name": "text(100)",
        "email": "text(150)",
        "phone": "text(40)",
        "birthdate": "date",
        "status": "text(20)",
        "program": "text(100)",
        "enrolled_on": "date",
        "created_at": "datetime",
        "updated_at": "datetime",
    },
    batches=_students,
)
COURSES = Table(
    name="courses",
    columns={
        "id": "integer",
        "course_code": "text(10)",
        "title": "text(150)",
        "description": "longtext null",
        "credits": "integer",
        "instructor": "text(150)",
        "semester": "text(10)",
        "status": "text(20)",
        "created_at": "datetime",
        "updated_at": "datetime",
    },
    batches=_courses,
)
GRADES = Table(
    name="grades",
    columns={
        "id": "integer",
        "student_id": "integer",
        "course_id": "integer",
        "score": "decimal(5,2)",
        "letter": "text(2)",
        "semester": "text(10)",
        "status": "text(20)",
        "graded_on": "date",
        "created_at": "datetime",
        "updated_at": "datetime",
    },
    batches=_grades,
    indexes=(("student_id",), ("course_id",)),
)
