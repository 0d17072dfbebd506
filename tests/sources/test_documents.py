"""The shipped resources have the columns, headers and sizes that documents 002 and 003 print."""

import json
import re

import pytest

from exports import catalogue
from tests.acceptance import documents

pytestmark = pytest.mark.django_db

SHIPPED = catalogue.definitions().resources_of("platform")


@pytest.mark.parametrize(("resource", "count"), [("assets", 13), ("tickets", 14)])
def test_assets_and_tickets_have_the_columns_of_document_003(source, export, header, resource, count):
    found = re.search(rf"- {count} exportable columns: (.*)", documents.text("003"))
    made = export(resource, dialect="v1", filters={"limit": 4})
    assert header(made) == found[1].split(", ")
    assert len(header(made)) == count


@pytest.mark.parametrize("name", ["standard", "detailed", "summary"])
def test_participants_have_the_templates_that_document_002_prints(name):
    printed = json.loads(documents.block("002", "json", '"participants_standard"'))["templates"][f"participants_{name}"]
    template = SHIPPED["participants"].templates[name]
    shown = {column.name: column.header for column in template.columns}
    there = list(shown)[: len(printed["fields"])]
    assert [(field, shown[field]) for field in printed["fields"]] == list(
        zip(printed["fields"], printed["headers"], strict=True)
    )
    assert there == printed["fields"] or name == "detailed"
    assert template.max_records_single_file == printed["max_records_single_file"]
    assert template.records_per_file == printed.get("recommended_chunk_size", template.records_per_file)


LISTED = {
    "Order Number": "id", "Nationality/Country": "nationality", "Phone Number": "phone_number",
    "Category (Fully Funded/Self Funded)": "category", "Ambassador Reference": "ref_code_ambassador",
    "Birthdate": "birthdate", "T-shirt Size": "tshirt_size", "Essays/Submissions": "essays",
    "Payment History": "payments", "Registration Date": "created_at", "Payment ID": "id", "Payment Amount": "amount",
    "Payment Status": "payment_status status", "Payment Method": "payment_method_id",
    "Program Information": "program_name",
    "Ambassador Name": "name", "Reference Code": "ref_code", "Active Status": "is_active",
    "Referral List (Names and emails)": "referrals", "Referral Success Rate": "referral_success_rate",
}  # fmt: skip
"""Fields by what document 002 calls them, where that is not their name."""


@pytest.mark.parametrize("resource", ["participants", "payments", "ambassadors"])
def test_detailed_template_has_every_field_that_document_002_lists(resource):
    part = re.search(rf"### \d\. {resource.title()} Export\n(.*?)\n##+ (?:\d|API)", documents.text("002"), re.DOTALL)
    listed = re.findall(r"^- (.+)$", part[1], re.MULTILINE)
    assert len(listed) > 10
    template, options = SHIPPED[resource].templates["detailed"], SHIPPED[resource].options
    there = {column.name for column in template.columns} | {
        name for option in template.include for name in options[option].fields
    }
    for title in listed:
        names = LISTED.get(title, title.lower().replace(" ", "_")).split()
        assert there & set(names), title
