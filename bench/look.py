"""Make sample workbooks and pages of them, to be looked at: ``python -m bench.look FOLDER``.

Every file is what an export of that template gives; LibreOffice turns it into a PDF, poppler the first pages into PNG.
"""

import json
import os
import random
import subprocess
import sys
from pathlib import Path

import django

NAMES = [
    "Ana Santoso",
    "Muhammad Rizky Pratama",
    "José Ñuñez",
    "王小明",
    "田中さくら",
    "محمد عبد الله",
    "שרה כהן",
    "สมชาย ใจดี",
]
NOTES = [
    None,
    "Paid in two instalments",
    "Line one\nline two\nline three",
    "A very long note. " * 30,
    "ملاحظة طويلة حول المشارك " * 4,
    "備考ビザの手続きが必要です。" * 3,
    "=1+1",
    "🎓 scholarship 👍🏽",
]


def participants(count: int) -> list[dict[str, object]]:
    """Return people with names of many scripts."""
    chance = random.Random(7)
    return [
        {
            "id": number,
            "form_id": f"YBB2026_{number:05}",
            "first_name": (name := NAMES[number % len(NAMES)]).split()[0],
            "last_name": name.split()[-1],
            "email": f"participant{number}@example.com",
            "phone": f"+62812{number:07}",
            "birthdate": f"{chance.randint(1990, 2008)}-{chance.randint(1, 12):02}-{chance.randint(1, 28):02}",
            "nationality": chance.choice(["Indonesia", "日本", "Côte d'Ivoire", "مصر"]),
            "state": "Jawa Barat",
            "form_status": 1 + number % 5,
            "is_active": number % 2,
            "is_deleted": 0,
            "created_at": f"2026-03-{1 + number % 28:02} 10:30:00",
            "updated_at": None if number % 3 else "2026-04-01 08:00:00+00:00",
            "notes": NOTES[number % len(NOTES)],
        }
        for number in range(1, count + 1)
    ]


def payments(count: int) -> list[dict[str, object]]:
    """Return payments from cents to billions, and some that are no numbers."""
    chance = random.Random(7)
    return [
        {
            "id": number,
            "participant_id": 1_000 + number,
            "payment_method_id": 1 + number % 4,
            "amount": "waived" if number == 7 else round(chance.lognormvariate(12, 3), 2),
            "usd_amount": -round(chance.uniform(0, 500), 2) if number % 9 == 0 else round(chance.uniform(0, 500), 2),
            "payment_date": "soon" if number == 3 else f"2026-02-{1 + number % 28:02}",
            "payment_status": 1 + number % 4,
            "reference_number": f"{number:016}",
            "notes": NOTES[number % len(NOTES)],
            "created_at": f"2026-02-{1 + number % 28:02}T09:{number % 60:02}:00",
            "updated_at": "",
        }
        for number in range(1, count + 1)
    ]


SAMPLES = {
    "participants-standard": ("participants", "standard", participants(120)),
    "participants-complete": ("participants", "complete", participants(120)),
    "payments-detailed": ("payments", "detailed", payments(120)),
}


def main(folder: Path) -> None:
    """Make every sample."""
    from django.core.management import call_command

    folder.mkdir(parents=True, exist_ok=True)
    for name, (resource, template, records) in SAMPLES.items():
        (folder / "records.json").write_text(json.dumps(records))
        book = folder / f"{name}.xlsx"
        call_command("export", resource, f"--template={template}", f"--input={folder}/records.json", f"--output={book}")
        profile = f"-env:UserInstallation={(folder.resolve() / 'profile').as_uri()}"
        office = ["soffice", profile, "--headless", "--convert-to", "pdf", "--outdir", str(folder), str(book)]
        subprocess.run(office, check=True, capture_output=True)
        subprocess.run(["pdftoppm", "-r", "70", "-png", str(book.with_suffix(".pdf")), str(folder / name)], check=True)


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "ybbexport.settings")
    django.setup()
    main(Path(sys.argv[1]))
