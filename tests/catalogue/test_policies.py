"""What an installation allows otherwise than ``policies.toml``."""

import pytest

from exports import catalogue
from exports.checks import check_policies


def test_installation_may_allow_more_or_less_than_the_file(settings):
    settings.EXPORTS_POLICIES = {"jobs": {"max_records": 7, "retention_hours": 48}}
    jobs, ybb = catalogue.policy("jobs"), catalogue.policy("ybb")
    assert (jobs.max_records, jobs.retention_hours, jobs.default_format) == (7, 48, "excel")
    assert (ybb.max_records, ybb.retention_hours) == (50_000, 24)


@pytest.mark.parametrize(("value", "mistakes"), [(1, []), (0, ["exports.E005"]), (-5, ["exports.E005"])])
def test_limit_that_lets_nothing_through_stops_the_start(settings, value, mistakes):
    settings.EXPORTS_POLICIES = {"jobs": {"max_records": value}}
    assert [error.id for error in check_policies()] == mistakes
