"""What Excel takes as the name of a sheet."""

import re

SHEET_NAME_LIMIT = 31
"""Characters, as Excel counts them: UTF-16 units, an emoji is two."""
# Excel's own, and what XML cannot hold.
_RESERVED = re.compile(r"[\[\]:*?/\\\x00-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")


def sheet_name_problem(name: str) -> str | None:
    """Return why Excel would refuse a name, or repair the file, as the end of a sentence; None for a good name."""
    if not name.strip():
        return "must not be empty."
    if len(name.encode("utf-16-le", "surrogatepass")) // 2 > SHEET_NAME_LIMIT:
        return f"must not be longer than {SHEET_NAME_LIMIT} characters."
    if found := _RESERVED.search(name):
        character = found.group()
        shown = character if character.isprintable() else f"U+{ord(character):04X}"
        return f"must not contain the character {shown}. Excel refuses [ ] : * ? / \\"
    if name.startswith("'") or name.endswith("'"):
        return "must not begin or end with an apostrophe."
    return "must not be 'History', which Excel keeps for itself." if name.lower() == "history" else None
