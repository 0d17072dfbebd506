"""The participants: what the registration form asks for, filled in as people fill in forms."""

from collections.abc import Iterator
from datetime import date
from random import Random

from . import texts
from .ambassadors import codes_by_program
from .dirt import empty, soil, soil_names, strike
from .moments import DAY, days, moments
from .nations import draw_addresses, draw_names, draw_nations, draw_phones
from .registrations import FEE_1, Registrations, registrations
from .tables import Batch, Table
from .users import handle

BIRTHDATES = days(date(1990, 1, 1), date(2008, 12, 31))
OCCUPATIONS = ("Student", "Student", "Student", "Employee", "Freelancer", "Teacher", "Entrepreneur", "Not working yet")
EDUCATION = ("Bachelor", "Bachelor", "High School", "Diploma", "Master", "Doctor")
MAJORS = (
    "International Relations", "Informatics", "Manajemen", "Pendidikan Bahasa Inggris", "Law", "Medicine", "Nursing",
    "Chemical Engineering", "Kimia & Farmasi", "Économie", "Computer Science (AI/ML)", "Hukum", "Psychology", "IPA", "",
)  # fmt: skip
INSTITUTIONS = (
    "Example State University", "Universitas Contoh", "Politeknik Negeri Contoh", 'SMA "Contoh" 1', "Đại học Ví Dụ",
    "Örnek Üniversitesi", "Université d'Exemple", "جامعة المثال", "例大学", "Institut Teknologi Contoh, Kampus B",
)  # fmt: skip
RELATIONS = ("Mother", "Father", "Ibu", "Ayah", "Sister", "Brother", "Guardian", "Friend", "Suami/Istri")
SHIRTS = ("XS", "S", "M", "L", "XL", "XXL")
KNOWLEDGE = ("Instagram", "Friend", "Telegram", "WhatsApp group", "Website", "Campus", "Ambassador", "Other")


def _batches(participants: int) -> Iterator[Batch]:
    codes = codes_by_program(participants)
    for people in registrations(participants):
        dice = people.dice("participants")
        yield {
            **_person(people, dice),
            **_studies(people, dice),
            **_application(people, dice),
            "ref_code_ambassador": _ref_codes(people, dice, codes),
            "category": _categories(people, dice),
            "is_active": [int(dice.random() > 0.05) for _ in people.numbers],
            "is_deleted": [int(dice.random() < 0.02) for _ in people.numbers],
            "created_at": moments(people.created),
            "updated_at": moments(people.later(dice, 40 * DAY)),
        }


def _person(people: Registrations, dice: Random) -> Batch:
    """Draw who somebody is, and where to reach that person."""
    count = len(people)
    nations = draw_nations(dice, count)
    genders = dice.choices(("Female", "Male"), weights=(56, 44), k=count)
    homes = draw_addresses(dice, nations)
    origins = draw_addresses(dice, nations)
    for index in dice.sample(range(count), k=count // 2):
        origins[index] = homes[index]
    return {
        "id": people.ids,
        "user_id": people.user_ids,
        "program_id": people.programs,
        "full_name": soil_names(dice, draw_names(dice, nations, genders)),
        "gender": genders,
        "birthdate": empty(dice, [*dice.choices(BIRTHDATES, k=count)], 0.02),
        "nationality": [nation.name for nation in nations],
        "nationality_flag": [nation.flag for nation in nations],
        "nationality_code": [nation.code for nation in nations],
        "phone_number": soil(dice, draw_phones(dice, nations)),
        "country_code": [f"+{nation.dial}" for nation in nations],
        "current_address": soil(dice, homes),
        "origin_address": soil(dice, origins),
        "emergency_contact": soil(dice, draw_phones(dice, nations)),
        "contact_relation": dice.choices(RELATIONS, k=count),
        "disease_history": empty(dice, [*dice.choices(texts.DISEASES, k=count)], 0.3),
    }


def _studies(people: Registrations, dice: Random) -> Batch:
    """Draw what somebody has done so far."""
    count = len(people)
    return {
        "occupation": dice.choices(OCCUPATIONS, k=count),
        "education_level": dice.choices(EDUCATION, k=count),
        "major": soil(dice, dice.choices(MAJORS, k=count)),
        "institution": soil(dice, dice.choices(INSTITUTIONS, k=count)),
        "organizations": empty(dice, [*soil(dice, dice.choices(texts.ORGANIZATIONS, k=count))], 0.25),
        "experiences": empty(dice, [*soil(dice, dice.choices(texts.EXPERIENCES, k=count))], 0.2),
        "achievements": empty(dice, [*soil(dice, dice.choices(texts.ACHIEVEMENTS, k=count))], 0.35),
    }


def _application(people: Registrations, dice: Random) -> Batch:
    """Draw what the form asks for besides."""
    count, ids = len(people), people.ids
    return {
        "picture_url": [f"https://cdn.example.com/pictures/{key}.jpg" for key in ids],
        "instagram_account": _instagram_accounts(people, dice),
        "tshirt_size": dice.choices(SHIRTS, weights=(4, 18, 30, 26, 15, 7), k=count),
        "resume_url": empty(dice, [f"https://cdn.example.com/resumes/{key}.pdf?v=1&dl=0" for key in ids], 0.4),
        "knowledge_source": dice.choices(KNOWLEDGE, weights=(40, 15, 10, 10, 8, 6, 6, 5), k=count),
        "source_account_name": empty(dice, [f"@{handle(number * 7)}" for number in people.numbers], 0.6),
        "twibbon_link": empty(dice, [f"https://www.example.org/p/{key:x}/" for key in ids], 0.5),
        "requirement_link": empty(dice, [f"https://drive.example.net/open?id={key}#all" for key in ids], 0.3),
    }


def _instagram_accounts(people: Registrations, dice: Random) -> list[str]:
    accounts = [handle(number) for number in people.numbers]
    strike(dice, accounts, 0.3, "@{}".format)
    strike(dice, accounts, 0.02, "={}".format)
    strike(dice, accounts, 0.02, "https://instagram.example/{}?hl=en".format)
    return soil(dice, accounts)


def _ref_codes(people: Registrations, dice: Random, codes: dict[int, list[str]]) -> list[str | None]:
    """Draw the ambassadors who brought three participants in ten; a few ambassadors bring most."""
    of_program = [codes[program] for program in people.programs]
    return empty(dice, [own[int(dice.random() ** 2 * len(own))] for own in of_program], 0.7)


def _categories(people: Registrations, dice: Random) -> list[str]:
    """Return who pays: whoever was asked for the program fee, and some who were not yet."""
    return [
        "self_funded" if any(what >= FEE_1 for what, _ in story) or dice.random() < 0.2 else "fully_funded"
        for story in people.stories
    ]


PARTICIPANTS = Table(
    name="participants",
    columns={
        "id": "integer",
        "user_id": "integer",
        "program_id": "integer",
        "full_name": "text(150)",
        "gender": "text(10)",
        "birthdate": "date null",
        "nationality": "text(60)",
        "nationality_flag": "text(10)",
        "nationality_code": "text(2)",
        "occupation": "text(60)",
        "education_level": "text(40)",
        "major": "text(100)",
        "institution": "text(150)",
        "organizations": "longtext null",
        "phone_number": "text(40)",
        "country_code": "text(5)",
        "current_address": "longtext",
        "origin_address": "longtext",
        "picture_url": "text(255)",
        "instagram_account": "text(100)",
        "emergency_contact": "text(40)",
        "contact_relation": "text(40)",
        "disease_history": "longtext null",
        "tshirt_size": "text(5)",
        "category": "text(20)",
        "experiences": "longtext null",
        "achievements": "longtext null",
        "resume_url": "text(255) null",
        "knowledge_source": "text(60)",
        "source_account_name": "text(100) null",
        "twibbon_link": "text(255) null",
        "requirement_link": "text(255) null",
        "ref_code_ambassador": "text(20) null",
        "is_active": "integer",
        "is_deleted": "integer",
        "created_at": "datetime",
        "updated_at": "datetime",
    },
    batches=_batches,
    indexes=(("program_id", "id"), ("ref_code_ambassador",), ("user_id",), ("created_at",)),
)
