"""Every mistake in what a definition says of its source is told with its place, before anything is asked for."""

import pytest

from exports.catalogue import loader
from tests.sources.things import DEFINITION, definitions

HAS = '\n[filters.word]\nlabel = "Word"\nfield = "parts"\noperator = "has"\nkind = "text"\n'
VARIANT = "\n[source.variants.mysql.{}]\n{} = '{}'\n"
OWN = '\n[source.filters]\n{} = "{}"\n'

MISTAKES = [
    # old, new, key, message, hint
    ('watermark = "changed_at"', 'watermark = "changd_at"', "watermark", "unknown field 'changd_at'", "'changed_at'"),
    ('watermark = "changed_at"', 'watermark = "name"', "watermark", "'name' is neither a date nor a time", ""),
    ('program = "box"', 'program = "boxx"', "program", "unknown field 'boxx'", "'box'"),
    ('breakdown = "colour"', 'breakdown = "color"', "breakdown", "unknown field 'color'", "'colour'"),
    ('key = "id"', 'key = "idd"', "key", "The source names the unknown column 'idd'", "'id'"),
    ('name = "t.name"', 'nmae = "t.name"', "source.columns", "unknown field 'nmae'", "'name'"),
    ('changed_at = "t.changed_at"', '', "source.columns", "no column for the field 'changed_at'", ""),
    ('[source.related.parts]', '[source.related.part]', "source.related", "unknown field 'part'", "'parts'"),
    ('{ word = "q.word" }', '{ wrod = "q.word" }', "source.related.parts.columns", "unknown member 'wrod'", "'word'"),
    ('{ word = "q.word" }', '{ }', "source.related.parts.columns", "no column for the member 'word'", ""),
    ('text = "{word}"', 'text = "{wrod}"', "related.parts.text", "unknown member 'wrod'", "'word'"),
    ('related = "parts" }', 'related = "part" }', "fields.parts.related", "unknown related table 'part'", "'parts'"),
    ('kind = "list", related', 'related', "fields.parts.kind", "has related rows but is no list", ""),
    ('label = "Parts"\ntext', 'label = "P[arts"\ntext', "related.parts.label", "names a sheet that", ""),
    ('fields = { word = { label = "Word" } }', 'fields = { }', "related.parts.fields", "has no members", ""),
    ('label = "Word"', 'label = "Word", mapping = "colours"', "related.parts.fields.word.mapping",
     "'colours'", "'colour'"),
    ('field = "size"', 'field = "siez"', "filters.size.field", "unknown field 'siez'", "'size'"),
    ('field = "name"', 'field = "name"\noperator = "min"', "filters.name.operator", "has no size", ""),
    ('field = "name"', 'field = "name"\noperator = "in"', "filters.name.operator", "cannot be 'in'", ""),
    ('field = "name"', 'field = "name"\noperator = "since"', "filters.name.operator", "cannot be 'since'", ""),
    ('field = "name"', '', "filters.name.field", "compares no field", ""),
    ('field = "name"', 'field = "name"\nkind = "integer"\nchoices = ["1"]\ncodes = { one = "11" }',
     "filters.name.codes", "unknown choice '11'", ""),
    ('field = "parts"\noperator = "has"\nkind = "text"', 'field = "parts"\noperator = "has"', "filters.word.kind",
     "say of what kind its values are", ""),
    (HAS, HAS, "source.filters.word", "looks into a list and needs a condition here", ""),
    ('[[source.indexes]]', OWN.format("nmae", "{t.name} = 1") + '[[source.indexes]]', "source.filters",
     "unknown filter 'nmae'", "'name'"),
    ('[[source.indexes]]', OWN.format("name", "t.name = 1") + '[[source.indexes]]', "source.filters.name",
     "must have what is compared in braces, once", "{x.currency}"),
    ('[[source.indexes]]', OWN.format("name", "{t.a} OR {t.b}") + '[[source.indexes]]', "source.filters.name",
     "must have what is compared in braces, once", "EXISTS"),
    ('[[source.indexes]]', '[source.variants.mysqll]\nwhere = "1"\n[[source.indexes]]', "source.variants.mysqll",
     "unknown engine 'mysqll'", "'mysql'"),
    ('[[source.indexes]]', VARIANT.format("columns", "nmae", "1") + '[[source.indexes]]',
     "source.variants.mysql.columns", "unknown field 'nmae'", "'name'"),
    ('[[source.indexes]]', VARIANT.format("filters", "nmae", "{1}") + '[[source.indexes]]',
     "source.variants.mysql.filters", "unknown filter 'nmae'", "'name'"),
    ('[[source.indexes]]', VARIANT.format("filters", "name", "1") + '[[source.indexes]]',
     "source.variants.mysql.filters.name", "in braces, once", ""),
    ('[[source.indexes]]', VARIANT.format("related.part", "word", "1") + '[[source.indexes]]',
     "source.variants.mysql.related", "unknown related table 'part'", "'parts'"),
    ('[[source.indexes]]', VARIANT.format("related.parts", "wrod", "1") + '[[source.indexes]]',
     "source.variants.mysql.related.parts", "unknown member 'wrod'", "'word'"),
    ('sort = ["colour"]', 'sort = ["color"]', "options.by_colour", "unknown field 'color'", "'colour'"),
    ('fields = ["parts"]', 'fields = ["part"]', "options.with_parts", "unknown field 'part'", "'parts'"),
    ('columns = ["id", "name"', 'columns = ["id", "nmae"', "sort.columns", "unknown field 'nmae'", "'name'"),
    ('records_per_file = 100', 'records_per_file = 0', "templates.standard.records_per_file",
     "at least one record", ""),
    ('fields = ["id", "name"]', 'fields = ["name"]\nrelated = "sheets"', "templates.split.related",
     "lacks the key", ""),
    ('records_per_file = 100', 'records_per_file = 9\ninclude = ["parts"]', "templates.standard.include",
     "unknown option 'parts'", "'with_parts'"),
    ('records_per_file = 100', 'records_per_file = 9\nkeys = { name = "size" }', "templates.standard.keys",
     "gives two fields the same key", ""),
    ('where = "t.name', 'were = "t.name', "source", "Object contains unknown field `were`", ""),
    ('from = "things t"', '', "source", "missing required field `from`", ""),
    ('from = "things t"', 'from = 5', "source.from", "Expected `str`, got `int`", ""),
]  # fmt: skip


def mistakes(folder, definition):
    return [found.problem for found in loader.read(definitions(folder, definition)).mistakes]


def test_definition_without_a_mistake_has_none(tmp_path):
    assert mistakes(tmp_path, DEFINITION) == []


@pytest.mark.parametrize(("old", "new", "key", "message", "hint"), MISTAKES)
def test_mistake_is_told_with_its_place_and_a_hint(tmp_path, old, new, key, message, hint):
    more = HAS if old in HAS else ""
    definition = DEFINITION.replace("[options.with_parts]", f"{more}\n[options.with_parts]")
    assert old in definition
    found = [each for each in mistakes(tmp_path, definition.replace(old, new, 1)) if message in each.message]
    assert [each.key for each in found] == [key]
    assert hint in (found[0].hint or "")
