"""What schemathesis checks besides: loaded by it (``schemathesis.toml``)."""

import schemathesis

NAMES_DECIDE = {"UNKNOWN_NAME", "INVALID_REQUEST", "INVALID_FILENAME", "INVALID_SHEET_NAME"}
"""Codes of what is well formed and says something that there is not."""
NO_FILE = {"INVALID_FILE", "INVALID_RECORD", "INVALID_BODY", "NO_DATA"}
"""Codes of bytes that are no file of records."""


@schemathesis.hook
def map_body(context, body):
    """Write whole numbers as such: JSON Schema takes 1.0 for an integer, the API takes 1."""
    if isinstance(body, dict):
        return {key: int(each) if isinstance(each, float) and each.is_integer() else each for key, each in body.items()}
    return body


@schemathesis.check
def refusal_names_the_field(ctx, response, case):
    """A body that fits the schema may name a filter or column that its resource has not: then the 400 says which."""
    mode = case.meta.generation.mode if case.meta else None
    if response.status_code != 400 or mode is not schemathesis.GenerationMode.POSITIVE:
        return
    body = response.json()
    known = body.get("error", body)
    is_upload = case.operation.definition.raw["operationId"] == "v1_put_piece"
    code, field = known.get("code", known.get("error_code")), known.get("details", {}).get("field")
    assert code in (NO_FILE if is_upload else NAMES_DECIDE), f"{code} for what the schema calls valid"
    assert field or is_upload, "the refusal names no field"
