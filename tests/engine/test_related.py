import pytest

from exports.engine import columns, decode, shape
from exports.engine.table import RowRange, StagedTable
from exports.types import Field, Kind, Related, Sorting
from tests.related import ESSAYS, FIELDS, HOSTILE, ID, PAYMENTS, table, with_payments


def rows_of(table, field=PAYMENTS, **extra):
    """Return the related rows as plain values, without the name of the list before those of the members."""
    frames = shape.related_slices(table, field, ID, **extra)
    return [{name.split(".")[-1]: value for name, value in row.items()} for rows in frames for row in rows.to_dicts()]


def texts_of(table, field=PAYMENTS, **extra):
    return [text for rows in shape.slices(table, [ID, field.joined()], **extra) for text in rows[field.name]]


def noticed(table):
    return {(warning.code, warning.column): (warning.count, warning.rows) for warning in table.warnings}


def test_each_object_is_a_row_behind_its_records_key():
    first = {"amount": 12.5, "paid_at": "2024-01-15 10:30:00", "method": "bank", "status": 1}
    rows = rows_of(with_payments([first, {"amount": 7, "status": "2"}], None, [], [{"method": "card"}]))
    assert [(row["#"], row["id"], row["amount"], row["method"], row["status"]) for row in rows] == [
        (0, "1", "12.5", "bank", "Pending"),
        (0, "1", "7", None, "Paid"),
        (3, "4", None, "card", None),
    ]
    assert str(rows[0]["paid_at"]) == "2024-01-15 10:30:00"


def test_rows_keep_their_order_over_slices_of_any_size():
    many = with_payments(*([{"amount": number * 10 + part} for part in range(number % 4)] for number in range(60)))
    whole = rows_of(many)
    assert [int(row["amount"]) for row in whole] == [
        number * 10 + part for number in range(60) for part in range(number % 4)
    ]
    for size in (1, 7, 60):
        assert rows_of(many, size=size) == whole
        assert texts_of(many, size=size) == texts_of(many)


def test_staged_part_has_the_rows_of_its_records_only(tmp_path):
    many = with_payments(*([{"amount": number}] for number in range(10)))
    many.save(tmp_path / "staged")
    rows = rows_of(RowRange(StagedTable(tmp_path / "staged"), 4, 3))
    assert [(row["#"], row["id"], row["amount"]) for row in rows] == [(0, "5", "4"), (1, "6", "5"), (2, "7", "6")]


@pytest.mark.parametrize(
    ("literal", "kept"),
    [
        ("3", "3"),
        ("1.50", "1.50"),
        ("true", "true"),
        ('"cash"', "cash"),
        ('"\\"quoted\\"\\n"', '"quoted"\n'),
        ('[1,{"a":1.50}]', '[1,{"a":1.50}]'),
    ],
)
def test_item_that_is_no_object_is_kept_in_the_first_field_of_texts(literal, kept):
    made = table(f'[{{"id":1,"payments":[{{"amount":5}},{literal}]}}]')
    rows = rows_of(made)
    assert [(row["amount"], row["method"]) for row in rows] == [("5", None), (None, kept)]
    assert texts_of(made) == [f"5 by  on , ; {kept}"]
    assert noticed(made) == {("kept_as_text", "payments.method"): (1, (1,))}


def test_item_is_kept_where_no_member_is_a_text():
    numbers = Field(
        name="scores",
        label="Scores",
        kind=Kind.LIST,
        related=Related(label="Scores", fields=(Field(name="n", label="N", kind=Kind.INTEGER),), text="{n}"),
    )
    made = columns.build(decode.decode(b'[{"id":1,"scores":[{"n":1},"two"]}]', [ID, numbers]), [ID, numbers])
    (rows,) = shape.related_slices(made, numbers, ID)
    assert rows["scores.n"].to_list() == ["1", None]
    assert rows["scores.n?"].to_list() == [None, "two"]


@pytest.mark.parametrize("value", ["cash", "[sic] cash", '{"amount":5}', '{"1":{"amount":5}}', "7"])
def test_value_that_is_no_array_is_a_row_with_its_text(value):
    made = with_payments([{"amount": 1}], value, None)
    assert [(row["id"], row["amount"], row["method"]) for row in rows_of(made)] == [
        ("1", "1", None),
        ("2", None, value),
    ]
    assert [count for count, _ in noticed(made).values()] == [1]
    (rows,) = shape.slices(made, [ID, PAYMENTS.joined()])
    shown = rows["payments"].fill_null(rows["payments?"]) if "payments?" in rows.columns else rows["payments"]
    assert shown.to_list() == ["1 by  on , ", value, None]


def test_array_that_came_as_text_is_taken_apart():
    assert [row["amount"] for row in rows_of(with_payments('[ {"amount" : 1.50},\n {"amount":2} ]'))] == ["1.50", "2"]


def test_null_in_an_array_is_a_row_without_values():
    assert [row["amount"] for row in rows_of(with_payments([None, {"amount": 1}]))] == [None, "1"]


def test_members_are_held_against_their_kinds_like_any_field():
    made = with_payments(
        [{"amount": "much", "paid_at": "2024-01-15T10:00:00+07:00"}, {"amount": "1" * 20}], [{"payment_method": "card"}]
    )
    rows = rows_of(made)
    assert [(row["amount"], row["amount?"]) for row in rows] == [(None, "much"), (None, "1" * 20), (None, None)]
    assert str(rows[0]["paid_at"]) == "2024-01-15 03:00:00"
    assert rows[2]["method"] == "card"
    assert noticed(made) == {
        ("zone_converted", "payments.paid_at"): (1, (1,)),
        ("kept_as_text", "payments.amount"): (2, (1,)),
    }


def test_times_move_to_the_zone_that_is_asked_for():
    made = with_payments([{"paid_at": "2024-01-15T10:00:00Z"}])
    assert str(rows_of(made, zone="Asia/Jakarta")[0]["paid_at"]) == "2024-01-15 17:00:00"
    assert "2024-01-15 17:00:00" in texts_of(made, zone="Asia/Jakarta")[0]


def test_warning_follows_its_record_when_rows_are_sorted():
    made = shape.order(
        with_payments(None, [{"amount": "a"}, {"amount": "b"}]), [Sorting(field="id", descending=True)], FIELDS
    )
    assert noticed(made) == {("kept_as_text", "payments.amount"): (2, (1,))}


def test_text_shows_labels_times_and_nothing_as_a_csv_file_does():
    full = {"amount": 1.50, "paid_at": "2024-01-15 10:30:00", "method": "bank", "status": 2}
    assert texts_of(with_payments([full, {"amount": "odd", "status": "9"}, {}], [], None)) == [
        "1.5 by bank on 2024-01-15 10:30:00, Paid; odd by  on , 9;  by  on , ",
        None,
        None,
    ]


def test_empty_array_shows_the_word_for_nothing():
    (rows,) = shape.slices(with_payments([], None, [{"amount": 1}]), [PAYMENTS.joined()], empty="N/A")
    assert rows["payments"].to_list() == ["N/A", "N/A", "1 by  on , "]


def test_absent_member_shows_the_word_for_nothing():
    (row,) = rows_of(with_payments([{"amount": "odd"}]), empty="N/A")
    assert (row["amount?"], row["paid_at?"], row["method"]) == ("odd", "N/A", "N/A")


@pytest.mark.parametrize("answer", HOSTILE)
def test_hostile_answer_comes_through_whole(answer):
    made = table([{"id": 1, "essays": [{"question": "Why", "answer": answer}, {"question": answer}]}])
    assert texts_of(made, ESSAYS) == [f"Why: {answer}\n{answer}: "]
    assert [(row["question"], row["answer"]) for row in rows_of(made, ESSAYS)] == [("Why", answer), (answer, None)]


def test_nested_and_mixed_members_are_text():
    answers = [{"a": [1, None]}, [1.50], True, 2**70, "x", None]
    made = table([{"id": 1, "essays": [{"answer": answer} for answer in answers]}])
    assert [row["answer"] for row in rows_of(made, ESSAYS)] == [
        '{"a":[1,null]}',
        "[1.5]",
        "true",
        str(2**70),
        "x",
        None,
    ]


def test_text_without_names_stands_for_every_row():
    field = Field(
        name="payments",
        label="P",
        kind=Kind.LIST,
        related=Related(label="P", fields=PAYMENTS.related.fields, text="paid", separator=" "),
    )
    assert texts_of(with_payments([{}, {}], [{}]), field) == ["paid paid", "paid"]


@pytest.mark.parametrize("levels", [80, 880])
def test_deeply_nested_item_is_kept(levels):
    deep = "[" * levels + "]" * levels
    made = with_payments(f'[{{"method":{deep}}},{{"amount":1}}]')
    assert deep in rows_of(made)[0]["method"]
    assert deep in texts_of(made)[0]


def test_huge_array_is_handed_out_in_bites():
    made = with_payments([{"method": "x" * 900} for _ in range(40_000)])
    bites = list(shape.related_slices(made, PAYMENTS, ID))
    assert sum(rows.height for rows in bites) == 40_000
    assert max(rows.height for rows in bites) == 16_384


def test_widths_are_those_of_what_is_shown():
    made = with_payments(
        [{"amount": 1234.5, "status": 1}, {"method": "bank"}], "a misfit of some length, longer than all"
    )
    assert made.widths["payments.status"] == len("Pending")
    assert made.widths["payments.method"] == len("bank")
    assert made.widths["payments"] == max(map(len, [texts_of(made)[0], "a misfit of some length, longer than all"]))
