"""Tables as PDF: rows of mixed scripts, and the other ways to write them that exist in Python.

Each of the others is a function of a list of rows of text, the header first. None of them shapes, so none draws Arabic,
Hebrew, Hindi or Thai rightly; all get fonts that have the characters.
"""

import random
from collections.abc import Container, Iterator
from html import escape
from itertools import groupby, islice
from pathlib import Path

import polars as pl

from exports.types import Column, Field, Kind, Layout

Rows = list[list[str]]

HEADER = [
    *("ID", "Form ID", "First name", "Last name", "Email", "Phone", "Born"),
    *("Country", "City", "Status", "Amount", "Remarks"),
]
KINDS = ["integer", *["text"] * 5, "date", *["text"] * 3, "money", "text"]
_NAMES = {
    "latin": ("Ana Siregar", "José Müller", "Zoë O'Neil", "Łukasz Wójcik", "Chloé D'Angelo", "Budi Santoso"),
    "vietnamese": ("Nguyễn Thị Hồng", "Trần Văn Đức", "Lê Ánh Tuyết", "Phạm Quỳnh Như"),
    "cyrillic": ("Екатерина Щукина", "Дмитрий Волков", "Олексій Шевченко"),
    "greek": ("Γιώργος Παπαδόπουλος", "Ελένη Νικολάου"),
    "arabic": ("محمد عبد الله", "فاطمة الزهراء", "أحمد بن سعيد", "نور الهدى (Nour)"),
    "hebrew": ("דוד כהן", "שרה לוי", "יעל מזרחי"),
    "hindi": ("कृष्णा शर्मा", "श्रीमती लक्ष्मी", "क्षितिज वर्मा"),
    "thai": ("สมชาย ใจดี", "สุภาพร ศรีสุข"),
    "chinese": ("王小明", "李娜", "张伟", "欧阳修文"),
    "japanese": ("さくら 田中", "タロウ 鈴木"),
    "korean": ("김민준", "이서연", "박지후"),
}
_CITIES = (
    "Jakarta Selatan",
    "Hà Nội",
    "Москва",
    "Αθήνα",
    "القاهرة",
    "תל אביב",
    "नई दिल्ली",
    "กรุงเทพฯ",
    "北京市",
    "大阪",
    "서울특별시",
)
_COUNTRIES = (
    "Indonesia",
    "Việt Nam",
    "Россия",
    "Ελλάδα",
    "مصر",
    "ישראל",
    "भारत",
    "ไทย",
    "中国",
    "日本",
    "대한민국",
    "Germany 🇩🇪",
)
_REMARKS = (
    *(
        "",
        "",
        "",
        "Needs a visa letter 😀",
        "Asked for a scholarship; answer pending since the second interview round.",
    ),
    *(
        "يحتاج إلى رسالة تأشيرة",
        "कृपया दोबारा जाँच करें",
        "已通过第二轮面试，等待最终结果。",
        "Vegetarian\nArrives one day early",
    ),
)
_STATUS = ("Draft", "Submitted", "In review", "Accepted")
_SEED = 20_260_101
_PIECE = 1_000


def rows(count: int) -> Rows:
    """Return the header and ``count`` rows of twelve columns in eleven scripts; the same ones every time."""
    return [HEADER, *_rows(count)]


def layout() -> Layout:
    """Return the same table's columns as the portal has them."""
    fields = (Field(name=label, label=label, kind=Kind(kind)) for label, kind in zip(HEADER, KINDS, strict=True))
    return Layout(columns=tuple(Column(field=field, header=field.label) for field in fields), title="Participants")


def frame(count: int) -> pl.DataFrame:
    """Return the same rows as the engine shapes them, made piece by piece for the sake of what is measured."""
    dates = pl.col("Born").str.to_datetime("%Y-%m-%d", time_unit="ms")
    made = _rows(count)
    pieces = (pl.DataFrame([*islice(made, _PIECE)], HEADER, orient="row") for _ in range(0, count, _PIECE))
    return pl.concat([piece.with_columns(dates) for piece in pieces])


def ours(frame: pl.DataFrame, path: Path) -> None:
    """Write with the portal's own writer."""
    from exports.writers import writer_class

    with path.open("w+b") as file:
        writer = writer_class("pdf")(file, layout())
        writer.write(frame)
        writer.close()


def _rows(count: int) -> Iterator[list[str]]:
    dice = random.Random(_SEED)
    return (_row(number, dice) for number in range(1, count + 1))


def _row(number: int, dice: random.Random) -> list[str]:
    script = dice.choice(tuple(_NAMES))
    names = _NAMES[script]
    return [
        str(100_000 + number),
        f"YBB2026_{number:06}",
        dice.choice(names),
        f"{dice.choice(names).split()[-1]} {dice.randrange(1000)}",
        f"person.{dice.randrange(10**6)}@example.com",
        f"+62812{dice.randrange(10**8):08}",
        f"{1990 + dice.randrange(18)}-{1 + dice.randrange(12):02}-{1 + dice.randrange(28):02}",
        dice.choice(_COUNTRIES),
        dice.choice(_CITIES),
        dice.choice(_STATUS),
        f"{dice.randrange(10_000_000) / 100:.2f}",
        dice.choice(_REMARKS),
    ]


FONTS = Path(__file__).resolve().parents[1] / "static" / "fonts"
FACES = (
    *("NotoSans-Regular", "NotoSansArabic-Regular", "NotoSansHebrew-Regular", "NotoSansThai-Regular"),
    *("NotoSansSC-Regular", "NotoSansKR-Regular", "NotoSansJP-Regular", "NotoEmoji-Regular", "DejaVuSans"),
)
_WIDTHS = (38, 62, 66, 62, 100, 62, 46, 56, 66, 50, 56, 120)
"""Points; no contender measures its columns."""
_SIZE, _LEADING = 7, 9
_CHARACTER_WIDTH = 3.9
"""Points, on average."""


def longtable_paragraphs(rows: Rows, path: Path) -> None:
    """Write with reportlab's LongTable, a Paragraph in every cell: what most projects do."""
    _longtable(rows, path, everywhere=True)


def longtable_where_needed(rows: Rows, path: Path) -> None:
    """Write with reportlab's LongTable, a Paragraph only in cells that wrap or need another font."""
    _longtable(rows, path, everywhere=False)


def fpdf2_table(rows: Rows, path: Path) -> None:
    """Write with fpdf2's ``table()`` and its font fallback."""
    from fpdf import FPDF, FontFace
    from fpdf.enums import TableBordersLayout

    document = FPDF(orientation="landscape", format="A4", unit="pt")
    for name in FACES:
        document.add_font(name, fname=FONTS / f"{name}.ttf")
    document.set_font(FACES[0], size=_SIZE)
    document.set_fallback_fonts(list(FACES[1:]), exact_match=False)
    document.add_page()
    with document.table(
        col_widths=_WIDTHS,
        borders_layout=TableBordersLayout.NONE,
        line_height=_LEADING,
        headings_style=FontFace(color=255, fill_color="#366092"),
    ) as table:
        for row in rows:
            line = table.row()
            for text in row:
                line.cell(text)
    document.output(str(path))


def _longtable(rows: Rows, path: Path, *, everywhere: bool) -> None:
    from reportlab.lib.colors import HexColor, white
    from reportlab.lib.pagesizes import A4, landscape
    from reportlab.lib.styles import ParagraphStyle
    from reportlab.pdfbase import pdfmetrics
    from reportlab.pdfbase.ttfonts import TTFont
    from reportlab.platypus import LongTable, Paragraph, SimpleDocTemplate

    faces = [TTFont(name, str(FONTS / f"{name}.ttf")) for name in FACES]
    for face in faces:
        pdfmetrics.registerFont(face)
    style = ParagraphStyle("cell", fontName=FACES[0], fontSize=_SIZE, leading=_LEADING)
    marked = _Marking([(face.fontName, face.face.charToGlyph) for face in faces])
    cells = [
        [
            Paragraph(marked(text), style) if everywhere or marked.is_needed(text, width) else text
            for text, width in zip(row, _WIDTHS, strict=True)
        ]
        for row in rows
    ]
    table = LongTable(cells, colWidths=_WIDTHS, repeatRows=1)
    table.setStyle(
        [
            ("FONT", (0, 0), (-1, -1), FACES[0], _SIZE, _LEADING),
            ("BACKGROUND", (0, 0), (-1, 0), HexColor("#366092")),
            ("TEXTCOLOR", (0, 0), (-1, 0), white),
            ("ROWBACKGROUNDS", (0, 1), (-1, -1), [white, HexColor("#EDF2FA")]),
            ("VALIGN", (0, 0), (-1, -1), "TOP"),
        ]
    )
    SimpleDocTemplate(str(path), pagesize=landscape(A4), leftMargin=28, rightMargin=28).build([table])


class _Marking:
    """Marks runs of characters with the first font that has them; remembers characters."""

    def __init__(self, fonts: list[tuple[str, Container[int]]]) -> None:
        self._fonts = fonts
        self._known: dict[str, str] = {}

    def __call__(self, text: str) -> str:
        if text.isascii():
            return escape(text).replace("\n", "<br/>")
        runs = ((font, escape("".join(run))) for font, run in groupby(text, key=self._font))
        marked = "".join(run if font == FACES[0] else f'<font name="{font}">{run}</font>' for font, run in runs)
        return marked.replace("\n", "<br/>")

    def is_needed(self, text: str, width: int) -> bool:
        """Return whether a text is wider than its column or needs another font than the first."""
        wide = "\n" in text or len(text) * _CHARACTER_WIDTH > width
        return wide or not (text.isascii() or all(self._font(character) == FACES[0] for character in text))

    def _font(self, character: str) -> str:
        if character not in self._known:
            has = (name for name, glyphs in self._fonts if ord(character) in glyphs)
            self._known[character] = next(has, FACES[0])
        return self._known[character]
