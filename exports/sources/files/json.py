"""JSON: an array of records, or an object that carries one as ``data`` or ``records``."""

import codecs
from collections.abc import Iterator

import msgspec

from exports.engine.decode import Source, decode_each, enclosed_array, record_texts
from exports.engine.diagnose import reason_in_object
from exports.exceptions import BadRequest, InvalidBody

from .base import Batches


class JsonBatches(Batches):
    """The text is held whole; how large it may be is for the caller to say. Its values are made some at a time."""

    def _read(self) -> Iterator[Source]:
        text = self.file.read().removeprefix(codecs.BOM_UTF8).strip(b" \t\r\n")
        array = enclosed_array(text)
        if array is None:
            raise _refusal(text)
        texts = record_texts(array)
        for first in range(0, len(texts), self.rows):
            yield decode_each(texts[first : first + self.rows], self.fields, self.count + 1)


def _refusal(text: bytes) -> BadRequest:
    if text.startswith(b"{"):
        try:
            msgspec.json.decode(text, type=dict[str, msgspec.Raw])
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
            return reason_in_object(text, error)
    return InvalidBody("The file must be a JSON array of records, or an object that carries one as 'data'.")
