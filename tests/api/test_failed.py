"""What an API client learns of an export that failed."""

from exports.exceptions import BuildError, MemoryExceeded
from tests.made import made_export

EXCEEDED = {"record_count": 1_000, "memory_exceeded": True, "suggested_chunk_size": 500}


def answer(caller, new_client, error):
    client, key = new_client("App")
    export = made_export("processing", client=client)
    export.mark_failed(error)
    body = type(caller)(key).get(f"/api/ybb/export/{export.public_id}/status").json()
    assert (body["status"], body["error_code"]) == ("error", error.code)
    assert body["details"].pop("export_id") == str(export.public_id)
    return body


def test_memory_that_ran_short_comes_with_what_may_help(caller, new_client):
    body = answer(caller, new_client, MemoryExceeded(**EXCEEDED))
    assert body["details"] == EXCEEDED
    assert body["recovery_options"] == {
        "retry_with_smaller_chunks": True,
        "use_multi_file_strategy": True,
        "filter_suggestions": [],
    }


def test_nothing_is_recommended_where_nothing_is_known_to_help(caller, new_client):
    body = answer(caller, new_client, BuildError())
    assert body["details"] == {}
    assert "recovery_options" not in body
