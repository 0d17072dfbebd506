"""Headers that requests and answers carry, named once."""

from .operation import Parameter, Schema

WHOLE_NUMBER = {"type": "string", "pattern": "^[0-9]+$"}


def _taken(name: str, description: str, **schema: object) -> Parameter:
    return Parameter(name=name, description=description, place="header", schema={"type": "string", **schema})


REQUEST_ID = _taken(
    "X-Request-Id",
    "A number of your own, of up to 64 letters, digits and `._-`, that the answer, its errors and the log carry; "
    "anything else gets a number of ours.",
)
IDEMPOTENCY_KEY = _taken(
    "Idempotency-Key",
    "One export, however often the same request is sent: 1 to 255 printable ASCII characters.",
    pattern="^[!#-~]+$",
    maxLength=255,
)
PREFER = _taken("Prefer", "`respond-async`: answer 202 at once.")
RANGE = _taken("Range", "`bytes=0-999`: that part, as 206; 416 behind the end.")
IF_RANGE = _taken("If-Range", "An `ETag`: the part only if it is still of that file.")
IF_NONE_MATCH = _taken("If-None-Match", "The `ETag` of what you have: 304 where that is the file.")

RESPONSE: dict[str, Schema] = {
    "X-Request-Id": {"description": "The number of the request.", "schema": {"type": "string"}},
    "X-Export-Id": {
        "description": "The export whose file this is.",
        "schema": {"type": "string", "format": "uuid"},
    },
    "Location": {"description": "Where to look.", "schema": {"type": "string"}},
    "Retry-After": {"description": "Seconds after which it is worth to ask again.", "schema": WHOLE_NUMBER},
    "RateLimit": {"description": "What is left of the caller's minute.", "schema": {"type": "string"}},
    "RateLimit-Policy": {"description": "How many exports a minute has.", "schema": {"type": "string"}},
    "Preference-Applied": {"description": "What of `Prefer` was heard.", "schema": {"const": "respond-async"}},
    "WWW-Authenticate": {"description": "How to show who you are.", "schema": {"type": "string"}},
    "Content-Disposition": {
        "description": "The file's name for every browser (RFC 6266, RFC 8187).",
        "schema": {"type": "string", "pattern": "^attachment; "},
    },
    "Repr-Digest": {
        "description": "SHA-256 of the whole file (RFC 9530).",
        "schema": {"type": "string", "pattern": "^sha-256=:.+:$"},
    },
    "ETag": {"description": "SHA-256 of the whole file.", "schema": {"type": "string", "pattern": '^"[0-9a-f]{64}"$'}},
    "Accept-Ranges": {"description": "Parts may be asked for.", "schema": {"const": "bytes"}},
    "Last-Modified": {"description": "When the file was made.", "schema": {"type": "string"}},
    "Content-Range": {"description": "Which part of how many bytes.", "schema": {"type": "string"}},
}
OPTIONAL = {"RateLimit", "RateLimit-Policy", "Preference-Applied", "X-Export-Id"}
"""Those that answers of a status may lack."""
FILE = ("Content-Disposition", "Repr-Digest", "ETag", "Accept-Ranges", "Last-Modified")
STREAM = ("Content-Disposition", "X-Export-Id")
KNOWN = ("ETag", "Accept-Ranges", "Last-Modified")
LATER = ("Location", "Retry-After", "Preference-Applied")
RATE = ("RateLimit", "RateLimit-Policy")


def described(names: tuple[str, ...]) -> Schema:
    """Return headers of an answer as OpenAPI has them."""
    return {name: {**RESPONSE[name], **({} if name in OPTIONAL else {"required": True})} for name in names}
