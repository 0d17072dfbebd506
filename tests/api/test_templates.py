"""Templates that callers make: checked, versioned, their owner's alone, and used wherever a template is named."""

import io
import uuid

import openpyxl
import pytest

from exports.models import ExportTemplate, ExportTemplateVersion
from tests.api.conftest import Caller
from tests.made import person

PATH = "/api/templates"
BOARD = {
    "export_type": "participants",
    "template": "board",
    "fields": ["full_name", "nationality", "id"],
    "headers": ["Who", "From", "=No."],
}
RECORDS = [{"id": 1, "full_name": "Siti", "nationality": "Indonesia", "birthdate": "2001-02-03", "disease_history": ""}]


@pytest.fixture
def make(caller):
    """Post a template: ``make(fields=["id"])``."""

    def post(by=caller, **fields):
        return by.post({**BOARD, **fields}, path=PATH)

    return post


def csv_of(caller, **fields):
    """Return the lines of a CSV file that dialect ``v1`` answers with."""
    body = {"template": "board", "format": "csv", "data": RECORDS, **fields}
    answer = caller.post(body, path="/api/v1/participants/export")
    assert answer.status_code == 200, answer.content
    return b"".join(answer.streaming_content).decode("utf-8-sig").splitlines()


def test_template_is_made_and_told_in_the_shape_it_came(caller, make):
    answer = make(description="For the board", max_records_single_file=15_000, recommended_chunk_size=5_000)
    told = answer.json()["data"]
    assert (answer.status_code, told["version"], told["custom"]) == (201, 1, True)
    assert (told["fields"], told["headers"]) == (BOARD["fields"], BOARD["headers"])
    listed = caller.get(PATH).json()["templates"]
    assert listed["participants_board"] == told
    assert listed["participants_standard"]["custom"] is False
    one = caller.get(f"{PATH}/{told['template_id']}").json()["data"]
    assert one == {**told, "versions": [told]}


def test_without_headers_the_fields_labels_are_kept(make):
    assert make(headers=None).json()["data"]["headers"] == ["Full Name", "Country", "ID"]


def test_what_was_told_can_be_sent_back_and_changes_nothing(caller, make):
    told = make(include_related=["essays"], number_formats={"money": "#,##0"}, csv_delimiter=";").json()["data"]
    again = caller.post(told, path=PATH)
    assert (again.status_code, again.json()["data"]) == (200, told)
    assert ExportTemplateVersion.objects.count() == 1


def test_each_change_is_a_version_and_the_old_ones_stay(caller, make):
    first = make().json()["data"]
    answer = make(headers=["Name", "Country", "No."])
    assert (answer.status_code, answer.json()["data"]["version"]) == (200, 2)
    versions = caller.get(f"{PATH}/{first['template_id']}").json()["data"]["versions"]
    assert [(each["version"], each["headers"][0]) for each in versions] == [(2, "Name"), (1, "Who")]
    row = ExportTemplateVersion.objects.first()
    with pytest.raises(TypeError):
        row.save()
    with pytest.raises(TypeError):
        ExportTemplateVersion.objects.update(number=7)


def test_deleted_template_cannot_be_chosen_and_goes_on_counting_when_it_is_made_again(caller, make):
    template_id = make().json()["template_id"]
    assert caller.request("DELETE", f"{PATH}/{template_id}").status_code == 200
    assert caller.get(f"{PATH}/{template_id}").status_code == 404
    assert "participants_board" not in caller.get(PATH).json()["templates"]
    refused = caller.post({"template": "board", "data": RECORDS}, path="/api/v1/participants/export")
    assert (refused.status_code, "board" in str(refused.content)) == (400, True)
    again = make(headers=["A", "B", "C"])
    assert (again.status_code, again.json()["data"]["version"]) == (201, 2)


MISTAKES = [
    ({"fields": ["full_name", "fullname", "id"]}, "fields[1]", "Did you mean 'full_name'?"),
    ({"fields": ["id", "email", "id"]}, "fields[2]", "names the field 'id' twice"),
    ({"fields": ["user__password"], "headers": None}, "fields[0]", "unknown field 'user__password'"),
    ({"fields": ["{0.__class__}"], "headers": None}, "fields[0]", "unknown field"),
    ({"fields": [], "headers": None}, "fields", "has no fields"),
    ({"fields": ["id", 7]}, "fields[1]", "must be text, not a number"),
    ({"fields": "id"}, "fields", "must be a list, not text"),
    ({"fields": ["id"] * 9_000, "headers": None}, "fields[1]", "twice"),
    ({"headers": ["Only one"]}, "headers", "has 3 fields but 1 headers"),
    ({"headers": ["A", "a", "B"]}, "headers[1]", "gives two columns the header 'a'"),
    ({"headers": ["A", " ", "B"]}, "headers[1]", "1 to 255 characters"),
    ({"headers": ["A", "B", "x" * 256]}, "headers[2]", "1 to 255 characters"),
    ({"headers": ["A", "B", "line\nbreak"]}, "headers[2]", "control character"),
    ({"description": "\0"}, "description", "control character"),
    ({"empty": "\x1b"}, "empty", "control character"),
    ({"template": "../etc"}, "template", "letters, digits"),
    ({"template": "a\0b"}, "template", "letters, digits"),
    ({"template": "x" * 65}, "template", "1 to 64"),
    ({"template": ""}, "template", "1 to 64"),
    ({"template": "a", "name": "b"}, "name", "mean the same"),
    ({"export_type": "people"}, "export_type", "not found"),
    ({"catalogue": "mine"}, "catalogue", "platform, ybb"),
    ({"include_related": ["essay"]}, "include_related", "unknown option 'essay'"),
    ({"include_related": ["include_essay"]}, "include_related", "Did you mean 'include_essays'?"),
    ({"number_formats": {"cash": "0"}}, "number_formats.cash", "no kind of values"),
    ({"number_formats": {"text": "0"}}, "number_formats.text", "number format of text"),
    ({"number_formats": {"money": '"open'}}, "number_formats.money", "number format of money"),
    ({"keys": {"nme": "x"}}, "keys", "unknown field 'nme'"),
    ({"keys": {"id": "email"}}, "keys", "two fields the same key"),
    ({"csv_delimiter": "x"}, "csv_delimiter", "invalid enum value 'x'"),
    ({"related": "pages"}, "related", "invalid enum value 'pages'"),
    ({"related": "sheets", "fields": ["email"], "headers": None}, "related", "lacks the key"),
    ({"recommended_chunk_size": 1}, "recommended_chunk_size", "1,000 to 100,000"),
    ({"max_records_single_file": 0}, "max_records_single_file", "at least one record"),
    ({"max_records_single_file": 10**7}, "max_records_single_file", "1 to 1,048,575"),
    ({"max_records_single_file": "many"}, "max_records_single_file", "must be a whole number"),
    ({"program_id": "all"}, "program_id", "must be a whole number"),
    ({"colour": "red"}, "colour", "unknown field 'colour'"),
]


@pytest.mark.parametrize(("said", "field", "why"), MISTAKES, ids=[f"{field} {why}" for _, field, why in MISTAKES])
def test_mistake_is_named(make, said, field, why):
    answer = make(**said)
    body = answer.json()
    assert (answer.status_code, body["status"], body["details"]["field"]) == (400, "error", field), body
    assert why in body["message"]
    assert not ExportTemplate.objects.exists()


def test_every_mistake_is_told_at_once(make):
    problems = make(fields=["ful_name", "nationality", "nationality"]).json()["details"]["problems"]
    assert [each["field"] for each in problems] == ["fields[0]", "fields[2]"]


@pytest.mark.parametrize("name", ["standard", "Standard", "custom"])
def test_name_of_a_built_in_template_is_taken(make, name):
    answer = make(template=name)
    assert (answer.status_code, answer.json()["details"]["field"]) == (409, "template")


def test_oversized_template_is_refused(make):
    assert make(description="x" * 300_000).status_code == 413


@pytest.mark.parametrize("body", [b"", b"[]", b'"x"', b"null", b'{"fields": ', b"[" * 100_000, b"{}"])
def test_body_that_is_no_template_is_refused(caller, body):
    assert caller.post(body, path=PATH).status_code == 400


def test_there_are_no_more_than_anybody_needs(make, monkeypatch):
    monkeypatch.setattr("exports.custom_templates.MOST_TEMPLATES", 1)
    monkeypatch.setattr("exports.custom_templates.MOST_VERSIONS", 2)
    assert [make(headers=[name, "B", "C"]).status_code for name in "XYZ"] == [201, 200, 409]
    assert make(template="another").status_code == 409
    assert ExportTemplate.objects.count() == 1


def test_somebody_elses_template_is_as_unknown_as_none(make, new_client):
    stranger = Caller(new_client("Stranger")[1])
    template_id = make().json()["template_id"]
    asked = {"format": "csv", "data": RECORDS}
    for path in ("/api/v1/participants/export", "/api/export", "/api/export/estimate"):
        theirs, nobodys = (
            stranger.post({"export_type": "participants", **asked, "template": name}, path=path)
            for name in ("board", "boare")
        )
        assert theirs.status_code == nobodys.status_code == 400
        same = [answer.json()["message"].replace("boare", "board") for answer in (theirs, nobodys)]
        assert same[0] == same[1] == "Template 'board' not found for participants"
    assert "participants_board" not in stranger.get(PATH).json()["templates"]
    for method in ("GET", "DELETE"):
        answers = [stranger.request(method, f"{PATH}/{each}") for each in (template_id, uuid.uuid4())]
        assert [answer.status_code for answer in answers] == [404, 404]
        assert answers[0].json()["message"] == answers[1].json()["message"] == "Template not found"
    assert make(by=stranger).status_code == 201


def test_people_share_templates_with_the_clients_that_act_for_them(make, new_client):
    asker = person("asker")
    first, second = (Caller(new_client(name, user=asker)[1]) for name in ("One", "Two"))
    make(by=first)
    assert csv_of(second)[0] == "Who,From,'=No."
    make(by=second, headers=["Mine", "B", "C"])
    assert (csv_of(first)[0], csv_of(second)[0]) == ("Who,From,'=No.", "Mine,B,C")


def test_auditor_chooses_only_templates_of_its_own(make, new_client):
    auditor = Caller(new_client("Auditor", user=person("auditor", "view_all"))[1])
    template_id = make().json()["template_id"]
    assert auditor.request("DELETE", f"{PATH}/{template_id}").status_code == 404
    assert auditor.post({"template": "board", "data": RECORDS}, path="/api/v1/participants/export").status_code == 400


def test_every_dialect_takes_it(caller, make):
    make(), make(catalogue="ybb", fields=["id", "first_name"], headers=["No.", "First"])
    assert csv_of(caller) == ["Who,From,'=No.", "Siti,Indonesia,1"]
    told = caller.export(template="board")
    assert (told["status"], told["metadata"]["template"]) == ("success", "board")
    book = openpyxl.load_workbook(io.BytesIO(caller.get(told["data"]["download_url"]).file))
    assert list(book.worksheets[0].values) == [("No.", "First"), (1, "Siti")]
    assert ("Template", "board, version 1") in [row[:2] for row in book["About"].values]
    body = {"export_type": "participants", "template": "board", "data": RECORDS}
    assert caller.post(body, path="/api/export/estimate").json()["estimated_records"] == 1
    answer = caller.post(body, path="/api/export").json()
    assert (answer["metadata"]["template"], answer["metadata"]["template_version"]) == ("board", 1)
    assert caller.post(body, path="/api/v1/import-export/exports").status_code == 202


def test_ybb_lists_it_in_its_own_shape(caller, make):
    make(catalogue="ybb", fields=["id", "birthdate"], headers=["No.", "Born"])
    listed = caller.get("/api/ybb/templates/participants").json()["data"]
    assert {*listed["standard"]} <= {*listed["board"]}
    assert listed["board"]["includes_sensitive_data"] is True
    assert caller.get("/api/ybb/templates").json()["data"]["participants"] == listed
    assert "board" not in caller.get("/api/ybb/templates/payments").json()["data"]
    assert "participants_board" not in caller.get(PATH).json()["templates"]
    assert "participants_board" in caller.get(f"{PATH}?catalogue=ybb").json()["templates"]
    assert caller.get(f"{PATH}?catalogue=mine").status_code == 400


def test_files_look_as_the_template_says(caller, make):
    make(empty="none", csv_delimiter=";", fields=["full_name", "email", "id"])
    assert csv_of(caller) == ["Who;From;'=No.", "Siti;none;1"]


def test_options_that_it_turns_on_add_their_columns(caller, make):
    make(include_related=["status"])
    assert csv_of(caller)[0] == "Who,From,'=No.,General Status,Document Status"


def test_field_that_is_no_more_is_named_when_the_template_is_chosen(caller, make):
    make()
    row = ExportTemplateVersion.objects.get()
    said = {**row.definition, "fields": ["full_name", "nationality", "idd"]}
    ExportTemplateVersion(template=row.template, number=2, definition=said).save()
    answer = caller.post({"template": "board", "data": RECORDS}, path="/api/v1/participants/export")
    assert (answer.status_code, answer.json()["message"]) == (
        400,
        "Template 'board' names the unknown field 'idd'. Did you mean 'id'?",
    )
    assert caller.get(PATH).status_code == 200


@pytest.mark.parametrize("format", ["excel", "csv", "json", "pdf"])
def test_hostile_words_stay_words(caller, make, format):
    """A template's words are in every file of its owner's colleagues."""
    hostile = ["=HYPERLINK(1)", "<script>&\"'", "\u202e@SUM(A1)"]
    make(headers=hostile, empty="+cmd|' /C calc'!A0", number_formats={"integer": '"<&>"0'}, keys={"id": "__proto__"})
    body = {"template": "board", "format": format, "data": [{"full_name": "Siti", "nationality": None, "id": 7}]}
    answer = caller.post(body, path="/api/v1/participants/export")
    made = b"".join(answer.streaming_content)
    assert answer.status_code == 200
    if format == "excel":
        cells = list(openpyxl.load_workbook(io.BytesIO(made)).worksheets[0].iter_rows())
        assert [cell.value for cell in cells[0]] == hostile
        assert {cell.data_type for row in cells for cell in row} == {"s", "n"}
    if format == "csv":
        lines = made.decode("utf-8-sig").splitlines()
        assert lines[0].startswith("'=HYPERLINK")
        assert ",'\u202e@SUM(A1)" in lines[0]
        assert "'+cmd" in lines[1]
    if format == "json":
        assert b'"__proto__"' in made
