"""The ybb catalogue says what document 001 prints ("Templates & Configuration"), word for word."""

import pytest

from exports import catalogue

TEMPLATES = {
    ("participants", "standard"): ("ID|Form ID|First Name|Last Name|Email|Phone|Nationality|State|Status", False, 2000),
    ("participants", "detailed"): (
        "ID|Form ID|First Name|Last Name|Email|Phone|Birth Date|Nationality|State|Status|Active|Created At",
        True,
        1500,
    ),
    ("participants", "summary"): ("ID|First Name|Last Name|Email|Status|Registration Date", False, 2000),
    ("participants", "complete"): (
        "ID|Form ID|First Name|Last Name|Email|Phone|Birth Date|Nationality|State|Status|Active|Deleted|Created|Updated"
        "|Notes",
        True,
        1000,
    ),
    ("payments", "standard"): (
        "ID|Participant ID|Amount|Payment Date|Status|Reference|Created|Updated",
        False,
        3000,
    ),
    ("payments", "detailed"): (
        "ID|Participant ID|Payment Method|Amount|USD Amount|Payment Date|Status|Reference|Notes|Created|Updated",
        True,
        2000,
    ),
    ("ambassadors", "standard"): ("ID|Participant ID|Code|Category|Status|Referrals|Commission", False, 2500),
    ("ambassadors", "detailed"): (
        "ID|Participant ID|Code|Category|Status|Referrals|Commission|Active|Created|Updated",
        False,
        2000,
    ),
}

MAPPINGS = {
    ("participants", "form_status"): {"1": "Draft", "2": "Submitted", "3": "Approved", "4": "Rejected"},
    ("participants", "boolean_status"): {"0": "No", "1": "Yes"},
    ("payments", "payment_status"): {"1": "Pending", "2": "Completed", "3": "Failed", "4": "Refunded"},
    ("payments", "payment_method"): {"1": "Credit Card", "2": "Bank Transfer", "3": "PayPal", "4": "Cash"},
    ("ambassadors", "boolean_status"): {"0": "No", "1": "Yes"},
    ("ambassadors", "category"): {
        "university": "University",
        "high_school": "High School",
        "professional": "Professional",
        "community": "Community",
    },
}


@pytest.mark.parametrize(("resource", "template"), TEMPLATES)
def test_template_has_the_headers_of_the_document(resource, template):
    headers, sensitive, size = TEMPLATES[resource, template]
    found = catalogue.resource("ybb", resource).template(template)
    assert [column.header for column in found.columns] == headers.split("|")
    assert (found.sensitive, found.records_per_file) == (sensitive, size)


def test_there_are_no_other_templates():
    resources = catalogue.definitions().resources_of("ybb")
    assert {(name, key) for name, found in resources.items() for key in found.templates} == set(TEMPLATES)


@pytest.mark.parametrize(("resource", "mapping"), MAPPINGS)
def test_mapping_is_the_one_of_the_document(resource, mapping):
    assert catalogue.resource("ybb", resource).mappings[mapping] == MAPPINGS[resource, mapping]
