"""JSON value by value with the standard library: slow, but it knows where it is when something is wrong."""

import json
from collections.abc import Iterator
from typing import Any, NoReturn

_DIGITS = 4300
"""Digits Python (and so msgspec) takes in an integer: ``sys.set_int_max_str_digits``."""
_BLANK = " \t\r\n"


class Flaw:
    """Stands for a token that the standard library lets through and JSON does not."""

    def __init__(self, sentence: str) -> None:
        self.sentence = sentence


class Reader:
    """Reads one JSON text from its beginning; raises ``json.JSONDecodeError`` where it is broken."""

    def __init__(self, text: str) -> None:
        self._text = text
        self.position = 0
        self._decoder = json.JSONDecoder(parse_constant=_no_number, parse_int=_integer)

    @property
    def next(self) -> str:
        """The next character that is no blank; empty at the end."""
        while self._text[self.position : self.position + 1] in _BLANK and self.position < len(self._text):
            self.position += 1
        return self._text[self.position : self.position + 1]

    def value(self) -> Any:
        """Read one value whole."""
        if not self.next:
            self.fail("the text ends too early")
        found, self.position = self._decoder.raw_decode(self._text, self.position)
        return found

    def items(self) -> Iterator[Any]:
        """Read an array, one value at a time."""
        self._take("[")
        while self.next != "]":
            yield self.value()
            self._separate("]")
        self._take("]")

    def members(self) -> Iterator[str]:
        """Read an object: yields each name, whose value the caller reads before it asks for the next."""
        self._take("{")
        while self.next != "}":
            name = self._name()
            self._take(":")
            yield name
            self._separate("}")
        self._take("}")

    def fail(self, sentence: str) -> NoReturn:
        """Raise the error for what is wrong here."""
        raise json.JSONDecodeError(sentence, self._text, self.position)

    def _name(self) -> str:
        if self.next not in ('"', ""):
            self.fail("expecting a name in double quotes")
        return str(self.value())

    def _take(self, token: str) -> None:
        if self.next != token:
            self.fail(f"expecting '{token}'" if self.next else "the text ends too early")
        self.position += 1

    def _separate(self, end: str) -> None:
        if self.next == ",":
            self.position += 1
        elif self.next != end:
            self.fail(f"expecting ',' or '{end}'" if self.next else "the text ends too early")


def _no_number(token: str) -> Flaw:
    return Flaw(f"{token} is no JSON number.")


def _integer(digits: str) -> object:
    return int(digits) if len(digits) <= _DIGITS else Flaw(f"holds a number of more than {_DIGITS:,} digits.")
