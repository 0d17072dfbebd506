"""Text that no spreadsheet takes for a formula, by a rule that can be undone.

A spreadsheet that opens a CSV file evaluates cells that begin with ``=``, ``+``, ``-``, ``@`` and, depending on program
and locale, others (OWASP, CSV Injection). Such a text gets one apostrophe before it. Plain negative numbers and
international phone numbers are left alone: they evaluate to themselves. Apply the rule last, for whatever changes the
text after it may undo it; whoever reads such a file applies ``original``, which in a reader's program is::

    value[1:] if value begins with an apostrophe and neutral(value[1:]) == value else value
"""

import polars as pl

_PLAIN = r"^(?:-?[0-9]{1,15}(?:\.[0-9]{1,15})?|\+[0-9]{6,15})$"
# White space, zero-width, bidi and control characters, and fillers that look like nothing: programs skip some of them.
_FILLERS = r"\x{034F}\x{115F}\x{1160}\x{17B4}\x{17B5}\x{180B}-\x{180F}\x{2800}\x{3164}\x{FE00}-\x{FE0F}\x{FFA0}"
_UNSEEN = rf"[\s\p{{Cc}}\p{{Cf}}{_FILLERS}]"
# Their full-width and small forms too: some programs normalise before they look.
_WIDE = r"\x{FF1D}\x{FF0B}\x{FF0D}\x{FF20}\x{FF5C}\x{FF05}\x{FE62}\x{FE63}\x{FE66}\x{FE6A}\x{FE6B}"
_TRIGGER = rf"[=+\-@|%{_WIDE}]"
# Apostrophes before it are part of the pattern: a text that looks like one this rule made gets one more.
_DANGEROUS = rf"^'*(?:{_UNSEEN}*{_TRIGGER}|[\t\r\n\x00])"


def neutral(text: pl.Expr) -> pl.Expr:
    """Return the texts with an apostrophe before those that a spreadsheet could evaluate."""
    dangerous = text.str.contains(_DANGEROUS) & ~text.str.contains(_PLAIN)
    return pl.when(~dangerous).then(text).otherwise(pl.concat_str(pl.lit("'"), text))


def original(text: pl.Expr) -> pl.Expr:
    """Return what ``neutral`` was given."""
    made_here = text.str.contains(_DANGEROUS) & text.str.starts_with("'")
    return pl.when(made_here).then(text.str.slice(1)).otherwise(text)
