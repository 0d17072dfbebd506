"""How far an export is, in numbers and in words: read from its rows, foretold from what exports have cost lately.

``work`` reads what is left of every export of a lane, ``cost`` what a record of each format usually costs, ``outlook``
plays the lane forward by the rule of turns, ``standing`` puts it together for one export, and ``words`` says it in the
language of whoever asks; the API asks in English.
"""

from .standing import progress, progress_of

__all__ = ["progress", "progress_of"]
