"""Every script, read back by poppler: another implementation than wrote it and than verifies it."""

import json
import re
import subprocess
import unicodedata

import pytest

from exports.writers.pdf.bidi import levels, visual_order
from exports.writers.pdf.parsing import Objects
from tests.services import require_service
from tests.writers.conftest import Export

LEFT_TO_RIGHT = {
    "latin": "Zoë Müller-O'Neil Łódź Ærøskøbing",
    "vietnamese": "Nguyễn Thị Hồng Ánh",
    "vietnamese, decomposed": unicodedata.normalize("NFD", "Nguyễn Thị Hồng Ánh"),
    "cyrillic": "Екатерина Щукина",
    "greek": "Γιώργος Παπαδόπουλος",
    "hindi": "क्षत्रिय हिन्दी श्रीमती कृष्णा",
    "bengali": "বাংলাদেশ ক্ষুদ্র",
    "tamil": "தமிழ்நாடு",
    "telugu": "తెలుగు",
    "gujarati": "ગુજરાતી",
    "punjabi": "ਪੰਜਾਬੀ",
    "kannada": "ಕನ್ನಡ",
    "malayalam": "മലയാളം",
    "sinhala": "ශ්‍රී ලංකා",
    "burmese": "မြန်မာ",
    "khmer": "ភាសាខ្មែរ",
    "lao": "ພາສາລາວ",
    "thai": "สวัสดีครับ ผู้ใหญ่ น้ำ",
    "amharic": "አማርኛ",
    "armenian": "Հայերեն",
    "georgian": "ქართული",
    "chinese": "你好，世界。测试",
    "traditional chinese": "臺灣繁體字",
    "japanese": "こんにちは世界、直骨",
    "korean": "안녕하세요 세계",
    "emoji": "😀 👍🏽 👨‍👩‍👧 🇮🇩 ❤️",
    "mathematical": "𝓕𝓪𝓷𝓬𝔂 𝕏",
    "formula": "=HYPERLINK(1)",
}
RIGHT_TO_LEFT = {
    "arabic": "محمد عبد الله السلام عليكم",
    "arabic, vocalised": "مُحَمَّد",
    "urdu": "پاکستان زندہ باد",
    "persian": "می‌خواهم کتاب",
    "hebrew": "שלום עולם",
    "hebrew, pointed": "שָׁלוֹם",
}
MIXED = {
    "number in arabic": "عمره 25 سنة",
    "arabic and latin": "نور الهدى (Nour)",
    "arabic in latin": "Name: محمد (x) 12",
    "hebrew, latin, number": "שלום (ABC) 123",
}


def extracted(path, *options):
    run = subprocess.run(
        [require_service("poppler"), *options, "-enc", "UTF-8", str(path), "-"], capture_output=True, check=True
    )
    assert run.stderr == b""
    return run.stdout.decode()


def written(export, texts):
    return export("pdf", {"text": "text"}, json.dumps([{"text": text} for text in texts]).encode(), title="Scripts")


@pytest.fixture(scope="module")
def lines(tmp_path_factory):
    texts = [*LEFT_TO_RIGHT.values(), *RIGHT_TO_LEFT.values(), *MIXED.values()]
    made = written(lambda *args, **extra: Export(tmp_path_factory.mktemp("pdf"), *args, **extra), texts)
    made.verify()
    assert made.written.warnings == ()
    return unicodedata.normalize("NFC", extracted(made.path)).splitlines()


@pytest.mark.parametrize("script", LEFT_TO_RIGHT)
def test_text_is_read_as_it_was_written(lines, script):
    assert unicodedata.normalize("NFC", LEFT_TO_RIGHT[script]) in lines


@pytest.mark.parametrize("script", RIGHT_TO_LEFT)
def test_text_from_right_to_left_is_read_in_its_own_order(lines, script):
    text = unicodedata.normalize("NFC", RIGHT_TO_LEFT[script])
    assert text in [line.strip("\u202b\u202c") for line in lines]


@pytest.mark.parametrize("script", MIXED)
def test_mixed_directions_stand_as_the_standard_orders_them(lines, script):
    # Poppler tells the runs of a line from left to right, each of them turned round between marks.
    text = MIXED[script]
    seen = "".join(text[place] for place in visual_order(levels(text)[0]))
    turned = [re.sub("\u202b(.*?)\u202c", lambda run: run[1][::-1], line) for line in lines]
    assert re.sub("[()]", " ", seen) in [re.sub("[()]", " ", line) for line in turned]


def test_a_letter_has_another_shape_within_a_word(export):
    codes = glyph_codes(written(export, ["ممم"]).path)
    assert len(codes) == len(set(codes)) == 3


def glyph_codes(path):
    objects = Objects(path)
    body = objects.stream(objects.pages()[0][-2])
    shown = re.search(rb"/F1 70 Tf\((.*?)\)Tj", body)[1]
    return [shown[at : at + 2] for at in range(0, len(shown), 2)]
