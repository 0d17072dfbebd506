"""Which characters belong together when text is shaped, as patterns over the blocks of Unicode."""

import re

_MARK = (
    "\u0300-\u036f\u0483-\u0489\u0591-\u05bd\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20f0"
    "\ufe00-\ufe0f\ufe20-\ufe2f\U000e0020-\U000e007f\U000e0100-\U000e01ef"
)
_JOIN = "\u200c\u200d"
_EMOJI = "\u2600-\u27bf\u2b00-\u2bff\U0001f000-\U0001faff"
_SCRIPTS = (
    "\u0600-\u06ff\u0750-\u077f\u0870-\u08ff\ufb50-\ufdff\ufe70-\ufefc",  # Arabic
    "\u0590-\u05ff\ufb1d-\ufb4f",  # Hebrew
    "\u0780-\u07bf",  # Thaana
    "\u0900-\u097f\ua8e0-\ua8ff",  # Devanagari
    "\u0980-\u09ff",
    "\u0a00-\u0a7f",
    "\u0a80-\u0aff",
    "\u0b80-\u0bff",
    "\u0c00-\u0c7f",
    "\u0c80-\u0cff",
    "\u0d00-\u0d7f",
    "\u0d80-\u0dff",
    "\u0e00-\u0e7f",  # Thai
    "\u0e80-\u0eff",
    "\u1000-\u109f",
    "\u1780-\u17ff",
    "\u1100-\u11ff\ua960-\ua97f\uac00-\ud7ff",  # Hangul
)
# A piece is shaped as a whole: letters of one script with their marks; a sequence that is one emoji; anything else
# under its marks; what only steers its neighbours.
PIECE = re.compile(
    "|".join(f"[{script}][{script}{_MARK}{_JOIN}]*" for script in _SCRIPTS)
    + "|[\U0001f1e6-\U0001f1ff]{2}"
    + f"|[{_EMOJI}][\U0001f3fb-\U0001f3ff{_MARK}]*(?:\u200d[{_EMOJI}][\U0001f3fb-\U0001f3ff{_MARK}]*)*"
    + f"|[^\\s{_MARK}][{_MARK}{_JOIN}]+"
    + f"|[{_JOIN}{_MARK}]+"
)
INVISIBLE = re.compile(
    "[\u00ad\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufe00-\ufe0f\ufeff"
    "\U000e0020-\U000e007f\U000e0100-\U000e01ef]"
)
RIGHT_TO_LEFT = re.compile(
    "[\u0590-\u08ff\u200f\u202b\u202e\u2067\ufb1d-\ufdff\ufe70-\ufeff\U00010800-\U00010fff\U0001e800-\U0001efff]"
)
# Letters of one direction with marks, blanks and digits: whatever the algorithm's other rules, digits are on level 2.
_SIMPLE_LETTERS = (
    "[\u05d0-\u05ea\u0620-\u063f\u0641-\u064a\u066e\u066f\u0671-\u06d3\u0750-\u077f][\u0591-\u05bd\u064b-\u065f\u0670]*"
)
PLAIN_WORDS = re.compile(f"(?:{_SIMPLE_LETTERS}|[ 0-9])+")
