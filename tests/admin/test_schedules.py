"""Schedules can be read, paused and resumed in the admin, and changed by their owners only, elsewhere."""

import pytest
from django.contrib.admin.models import LogEntry
from django.urls import reverse

from exports.models import ExportSchedule
from tests.made import made_export, made_schedule, person

LIST = reverse("admin:exports_exportschedule_changelist")


def page_of(schedule):
    return reverse("admin:exports_exportschedule_change", args=[schedule.pk])


def act(browser, action, *schedules):
    chosen = {"action": action, "_selected_action": [schedule.pk for schedule in schedules]}
    return browser.post(LIST, chosen, follow=True).content.decode()


@pytest.fixture
def schedule(superuser):
    return made_schedule(user=person("asker"))


def test_schedule_and_its_runs_show_each_other(browser, schedule):
    export = made_export(schedule=schedule, source="schedule")
    ExportSchedule.objects.update(last_export=export)
    page = browser.get(page_of(schedule)).content.decode()
    exports_page = reverse("admin:exports_exportrequest_change", args=[export.pk])
    assert "Every day at 02:00 (UTC)" in page
    assert exports_page in page
    assert page_of(schedule) in browser.get(exports_page).content.decode()
    assert browser.get(LIST, {"state__exact": "active", "q": "students"}).status_code == 200


def test_schedules_are_paused_and_resumed_and_both_logs_say_who_did_it(browser, schedule):
    other = made_schedule(name="other")
    assert "2 schedules were paused." in act(browser, "pause", schedule, other)
    assert "0 schedules were paused." in act(browser, "pause", schedule)
    assert "1 schedule was resumed." in act(browser, "resume", schedule)
    assert list(schedule.events.values_list("event", "actor")) == [("paused", "root"), ("resumed", "root")]
    assert LogEntry.objects.filter(object_id=schedule.pk).count() == 2
    schedule.refresh_from_db()
    assert (schedule.state, schedule.next_run_at is None) == ("active", False)


def test_row_that_says_nothing_can_be_looked_at(browser, schedule):
    ExportSchedule.objects.update(frequency="whenever", state="paused")
    assert "must be one of" in browser.get(page_of(schedule)).content.decode()
    assert "must be one of" in act(browser, "resume", schedule)


def test_nobody_changes_or_deletes_one_here(browser, schedule):
    assert browser.post(page_of(schedule), {"name": "x"}).status_code == 403
    assert browser.post(reverse("admin:exports_exportschedule_delete", args=[schedule.pk])).status_code == 403


def test_staff_see_their_own_and_pause_what_they_may(client, schedule):
    clerk = person("clerk", "view_exportschedule", is_staff=True)
    own = made_schedule(user=clerk)
    client.force_login(clerk)
    page = client.get(LIST).content.decode()
    assert page_of(own) in page
    assert page_of(schedule) not in page
    act(client, "pause", own)
    own.refresh_from_db()
    assert own.state == "active"
