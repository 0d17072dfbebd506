from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from exports.portal.history import PAGE_SIZE
from tests.made import made_export

URL = reverse("portal:history")


def page(browser, **asked):
    response = browser.get(URL, asked)
    assert response.status_code == 200
    return response


def names(response):
    return [export.file_name for export in response.context["page"]]


def counts(response):
    return {tab["name"]: tab["count"] for tab in response.context["tabs"]}


def test_row_says_what_people_look_for(browser, owner):
    made_export(user=owner, record_count=31_000, file_name="summit.csv")
    html = page(browser).content.decode()
    for words in (
        "summit.csv",
        "Completed",
        "Participants, standard, CSV",
        "31,000",
        "owner",
        "5 minutes ago",
        "in 22",
    ):
        assert words in html.replace("\xa0", " ")
    assert "Download" in html


def test_only_own_exports_are_listed_and_counted(browser, people):
    made_export(user=people["owner"], file_name="mine.csv")
    made_export(user=people["other"], file_name="theirs.csv")
    response = page(browser)
    assert names(response) == ["mine.csv"]
    assert counts(response)[""] == 1


def test_auditor_sees_all(client, people):
    made_export(user=people["owner"])
    made_export(user=people["other"])
    client.force_login(people["auditor"])
    assert len(names(page(client))) == 2


def test_tabs_count_and_show_states(browser, owner):
    states = ("pending", "queued", "processing", "completed", "failed", "cancelled", "expired")
    for state in states:
        made_export(state, user=owner, file_name=state)
    response = page(browser)
    assert counts(response) == {"": 7, "active": 3, "completed": 1, "failed": 1, "cancelled": 1, "expired": 1}
    assert names(page(browser, tab="active")) == ["processing", "queued", "pending"]
    assert names(page(browser, tab="failed")) == ["failed"]


def test_overdue_files_are_expired_before_they_are_swept(browser, owner):
    made_export(user=owner, expires_at=timezone.now() - timedelta(minutes=1))
    response = page(browser, tab="expired")
    assert counts(response) == {"": 1, "active": 0, "completed": 0, "failed": 0, "cancelled": 0, "expired": 1}
    assert reverse("portal:download", args=[response.context["page"][0].public_id]) not in response.content.decode()


def test_filters_narrow_the_list_and_the_counts(browser, owner):
    wanted = made_export(user=owner, file_name="Payments May.csv", resource="payments")
    made_export(user=owner, file_name="participants.xlsx", format="excel")
    for asked in (
        {"q": "payments may"},
        {"q": str(wanted.public_id)},
        {"q": str(wanted.public_id)[:13]},
        {"resource": "payments"},
        {"format": "csv"},
        {"format": "csv", "resource": "payments", "q": "may"},
    ):
        response = page(browser, **asked)
        assert names(response) == ["Payments May.csv"], asked
        assert counts(response)[""] == 1


def test_hyphens_alone_are_no_export_id(browser, export):
    assert names(page(browser, q="--")) == []


def test_filters_stay_in_the_addresses_of_tabs_and_pages(browser, owner):
    for number in range(PAGE_SIZE + 1):
        made_export(user=owner, file_name=f"{number}.csv")
    response = page(browser, q="csv", format="csv")
    assert response.context["next_url"] == "?q=csv&format=csv&page=2"
    assert {tab["url"] for tab in response.context["tabs"]} >= {"?tab=failed&q=csv&format=csv"}
    assert len(names(page(browser, q="csv", format="csv", page=2))) == 1


@pytest.mark.parametrize(
    "asked",
    [
        {"page": "9999"},
        {"page": "-1"},
        {"page": "x"},
        {"tab": "nonsense"},
        {"polls": "²"},
        {"q": "\0"},
        {"q": "%"},
        {"resource": "' OR 1=1"},
        {"q": "a" * 5000},
    ],
)
def test_bent_addresses_are_harmless(browser, export, asked):
    page(browser, **asked)


def test_empty_lists_say_why(browser, owner):
    assert "No exports yet" in page(browser).content.decode()
    made_export(user=owner)
    assert "Nothing in this list" in page(browser, tab="failed").content.decode()
    nothing = page(browser, q="nowhere", tab="completed").content.decode()
    assert "No export matches" in nothing
    assert 'href="?tab=completed"' in nothing


def test_row_of_a_waiting_export_says_its_place_and_when_it_begins(browser, owner):
    for _ in range(4):
        made_export("queued", user=owner, record_count=2_000_000, format="pdf")
    assert "number 4, begins in about 3 min 20 s" in page(browser).content.decode().replace("\xa0", " ")


def test_row_of_a_silent_worker_says_so(browser, owner):
    export = made_export("processing", user=owner)
    export.files.update(lease_until=timezone.now() - timedelta(seconds=5), lease_token=export.public_id, rows_done=999)
    html = page(browser).content.decode()
    assert "no word from its worker" in html
    assert "99 %" in html


def test_list_polls_only_while_something_is_under_way(browser, owner):
    export = made_export("processing", user=owner)
    assert "hx-get" in page(browser).content.decode()
    export.mark_cancelled(None)
    assert "hx-get" not in page(browser).content.decode()


def test_poll_gets_the_list_alone_and_waits_longer_each_time(browser, owner):
    made_export("processing", user=owner)
    pauses = []
    for polls in (0, 3, 500):
        response = browser.get(URL, {"polls": polls}, headers={"HX-Request": "true"})
        assert b"<html" not in response.content
        pauses.append(response.context["pause"])
    assert pauses == [2, 4, 15]


def test_markup_in_names_is_escaped(browser, owner):
    made_export(user=owner, file_name="<script>alert(1)</script>.csv", requester="<b>owner</b>")
    html = page(browser, q="<script>").content.decode()
    assert "<script>alert" not in html
    assert "<b>owner" not in html


def test_number_of_queries_does_not_grow_with_the_list(browser, owner, django_assert_num_queries):
    for state in ("processing", "completed", "failed"):
        for _ in range(4):
            made_export(state, user=owner, parts=2)
    with django_assert_num_queries(14):
        page(browser)
