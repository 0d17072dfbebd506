"""Every word the portal and the admin say is in every language, compiled, and says what it is about."""

import ast
import gettext
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings
from django.utils.functional import Promise

from tests.services import require_service

EXPORTS = Path(__file__).parent.parent / "exports"
LANGUAGES = [code for code, _name in settings.LANGUAGES if code != "en"]
LINE = re.compile(r'(?:(msgctxt|msgid_plural|msgid|msgstr)(?:\[(\d+)\])? )?(".*")')
PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|%%|%")


def po_file(language, root=EXPORTS):
    return root / "locale" / language / "LC_MESSAGES" / "django.po"


def entries(path):
    """Return each entry of a catalogue but its header: keyword to text, translations as ``msgstr0`` and so on."""
    found = []
    for block in path.read_text(encoding="utf-8").split("\n\n"):
        entry, keyword = {"flags": block if "#, fuzzy" in block or "#~" in block else ""}, ""
        for line in block.splitlines():
            if line.startswith("#"):
                continue
            name, index, text = LINE.fullmatch(line).groups()
            keyword = f"{name}{index or 0 if name == 'msgstr' else ''}" if name else keyword
            entry[keyword] = entry.get(keyword, "") + ast.literal_eval(text)
        found.append(entry)
    return [entry for entry in found if entry.get("msgid")]


def key(entry):
    return f"{entry['msgctxt']}\x04{entry['msgid']}" if "msgctxt" in entry else entry["msgid"]


def compiled(entry):
    """Return the entry as a compiled catalogue holds it."""
    if "msgid_plural" not in entry:
        return {key(entry): entry["msgstr0"]}
    return {(key(entry), int(name[6:])): text for name, text in entry.items() if name.startswith("msgstr")}


@pytest.mark.parametrize("language", LANGUAGES)
def test_nothing_is_left_untranslated_or_doubtful(language):
    doubtful = [
        entry["msgid"]
        for entry in entries(po_file(language))
        if entry["flags"] or not all(text for name, text in entry.items() if name.startswith("msgstr"))
    ]
    assert doubtful == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_translations_keep_their_placeholders_and_edges(language):
    for entry in entries(po_file(language)):
        source = entry.get("msgid_plural", entry["msgid"])
        for name, text in entry.items():
            if name.startswith("msgstr"):
                assert sorted(PLACEHOLDER.findall(text)) == sorted(PLACEHOLDER.findall(source)), source
                assert text.startswith(" ") == source.startswith(" "), source
                assert text[-1] == source[-1] or not {text[-1], source[-1]} & set(".:?! "), source


@pytest.mark.parametrize("language", LANGUAGES)
def test_compiled_catalogue_is_that_of_the_source(language):
    source = {name: text for entry in entries(po_file(language)) for name, text in compiled(entry).items()}
    with po_file(language).with_suffix(".mo").open("rb") as file:
        catalogue = dict(gettext.GNUTranslations(file)._catalog)
    del catalogue[""]
    assert catalogue == source


def test_catalogues_hold_what_the_source_marks_and_only_that(tmp_path):
    require_service("gettext")
    copy = tmp_path / "exports"
    shutil.copytree(EXPORTS, copy, ignore=shutil.ignore_patterns("*.po", "*.mo", "__pycache__"))
    environment = {name: value for name, value in os.environ.items() if name != "DJANGO_SETTINGS_MODULE"}
    # Without -P, exports/types.py would stand in for the standard library's.
    command = [sys.executable, "-P", "-m", "django", "makemessages", *(f"--locale={code}" for code in LANGUAGES)]
    subprocess.run(command, cwd=copy, env=environment, check=True, capture_output=True)
    for language in LANGUAGES:
        marked, translated = ({key(entry) for entry in entries(po_file(language, root))} for root in (copy, EXPORTS))
        assert marked == translated, "run bin/messages"


def test_every_label_of_the_models_can_be_translated():
    unmarked = [
        str(field)
        for model in apps.get_app_config("exports").get_models()
        for field in model._meta.fields
        if field.editable and not isinstance(field.verbose_name, Promise) and field.name not in ("id", "sha256")
    ]
    assert unmarked == []
