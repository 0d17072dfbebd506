"""What a caller noted with a request, such as the values of its filters, as people read it."""

import msgspec


def shown(value: object) -> str:
    """Write a value in one line: a list with commas, the members of an object by their names."""
    if isinstance(value, str):
        return value
    if isinstance(value, list):
        return ", ".join(map(shown, value))
    if isinstance(value, dict):
        return ", ".join(f"{name} {shown(each)}" for name, each in value.items())
    return msgspec.json.encode(value).decode()
