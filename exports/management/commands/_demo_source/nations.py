"""Where people come from: country, dialling code, cities, and the languages of their names."""

from collections.abc import Sequence
from dataclasses import dataclass
from random import Random

from . import names
from .names import Names

STREETS = ("Park Avenue", "Station Road", "Old Mill Lane", "Market Street", "12th Street, Flat B", "Hill View Rd.")
JALAN = ("Jl. Kenanga", "Jl. Melati Raya", "Jalan Merdeka", "Gg. Mawar II", "Jl. Raya Timur Km. 7", "Perum. Griya Asri")


@dataclass(frozen=True, kw_only=True)
class Nation:
    """A country as the registration form knows it."""

    name: str
    code: str
    """ISO 3166-1, two letters."""
    dial: str
    share: float
    """Of the participants, in per cent."""
    languages: Sequence[Names]
    cities: Sequence[str]
    streets: Sequence[str] = STREETS

    @property
    def flag(self) -> str:
        """The emoji of its flag: the letters of its code as regional indicators."""
        return "".join(chr(0x1F1E6 + ord(letter) - ord("A")) for letter in self.code)


def _nation(row: str, *languages: Names, streets: Sequence[str] = STREETS) -> Nation:
    name, code, dial, share, cities = (part.strip() for part in row.split("|"))
    return Nation(
        name=name,
        code=code,
        dial=dial,
        share=float(share),
        languages=languages,
        cities=cities.split("; "),
        streets=streets,
    )


NATIONS = (
    _nation(
        "Indonesia | ID | 62 | 45 | Jakarta Selatan, DKI Jakarta; Bandung, Jawa Barat; Surabaya; Medan; Makassar",
        names.INDONESIAN,
        streets=JALAN,
    ),
    _nation("Malaysia | MY | 60 | 8 | Kuala Lumpur; Shah Alam, Selangor; Kuching", names.MALAY, streets=JALAN),
    _nation("Viet Nam | VN | 84 | 6 | Hà Nội; Đà Nẵng; Thành phố Hồ Chí Minh", names.VIETNAMESE),
    _nation("Nigeria | NG | 234 | 6 | Lagos; Abuja; Kano", names.NIGERIAN),
    _nation("Egypt | EG | 20 | 4 | القاهرة; الإسكندرية; Giza", names.ARABIC),
    _nation("India | IN | 91 | 4 | मुंबई; New Delhi; Bengaluru, KA", names.HINDI, names.SOUTH_ASIAN),
    _nation("Pakistan | PK | 92 | 4 | Lahore; Karachi; Islamabad", names.SOUTH_ASIAN, names.URDU),
    _nation("Türkiye | TR | 90 | 3 | İstanbul; Ankara; İzmir", names.TURKISH),
    _nation("Philippines | PH | 63 | 3 | Quezon City; Parañaque; Davao", names.FILIPINO),
    _nation("Thailand | TH | 66 | 2.5 | กรุงเทพมหานคร; เชียงใหม่", names.THAI),
    _nation("Bangladesh | BD | 880 | 2 | ঢাকা; Chattogram", names.BENGALI, names.SOUTH_ASIAN),
    _nation("China | CN | 86 | 2 | 北京市; 上海市; 广州市", names.CHINESE),
    _nation("Korea, Republic of | KR | 82 | 1.5 | 서울특별시; 부산광역시", names.KOREAN),
    _nation("Japan | JP | 81 | 1.5 | 東京都渋谷区; 大阪市", names.JAPANESE),
    _nation("Ghana | GH | 233 | 1 | Accra; Kumasi", names.AFRICAN),
    _nation("Kenya | KE | 254 | 1 | Nairobi; Murang'a", names.AFRICAN),
    _nation("Morocco | MA | 212 | 1 | الدار البيضاء; Fès", names.ARABIC),
    _nation("Russian Federation | RU | 7 | 0.8 | Москва; Казань", names.RUSSIAN),
    _nation("Kazakhstan | KZ | 7 | 0.6 | Алматы; Астана", names.KAZAKH, names.RUSSIAN),
    _nation("Greece | GR | 30 | 0.5 | Αθήνα; Θεσσαλονίκη", names.GREEK),
    _nation("Israel | IL | 972 | 0.4 | תל אביב-יפו; חיפה", names.HEBREW),
    _nation("Brazil | BR | 55 | 0.6 | São Paulo; Belém", names.LATIN),
    _nation("Germany | DE | 49 | 0.5 | Köln; Nürnberg", names.LATIN),
    _nation("Poland | PL | 48 | 0.4 | Łódź; Kraków", names.LATIN),
    _nation("Côte d'Ivoire | CI | 225 | 0.4 | Abidjan; Yamoussoukro", names.AFRICAN, names.LATIN),
    _nation("United States | US | 1 | 0.3 | Springfield, OH; Austin, TX", names.LATIN),
)
_SHARES = [nation.share for nation in NATIONS]


def draw_nations(dice: Random, count: int) -> list[Nation]:
    """Draw so many by their shares."""
    return dice.choices(NATIONS, weights=_SHARES, k=count)


def draw_names(dice: Random, nations: Sequence[Nation], genders: Sequence[str]) -> list[str]:
    """Draw a full name for each nation and gender."""
    drawn = []
    for nation, gender in zip(nations, genders, strict=True):
        language = dice.choice(nation.languages) if len(nation.languages) > 1 else nation.languages[0]
        pool = language.of_women if gender == "Female" else language.of_men
        drawn.append(pool[int(dice.random() * len(pool))])
    return drawn


def draw_addresses(dice: Random, nations: Sequence[Nation]) -> list[str]:
    """Draw an address in two lines for each nation."""
    pick = dice.random
    return [
        f"{nation.streets[int(pick() * len(nation.streets))]} No. {int(pick() * 240) + 1}, RT {int(pick() * 20):03}\n"
        f"{nation.cities[int(pick() * len(nation.cities))]} {int(pick() * 90_000) + 1_000:05}"
        for nation in nations
    ]


def draw_phones(dice: Random, nations: Sequence[Nation]) -> list[str]:
    """Draw a phone number for each nation, in the many ways people write them."""
    pick = dice.random
    forms = dice.choices(PHONE_FORMS, weights=(40, 20, 14, 10, 8, 8), k=len(nations))
    return [
        form.format(dial=nation.dial, a=800 + int(pick() * 200), b=int(pick() * 1e4), c=int(pick() * 1e4))
        for form, nation in zip(forms, nations, strict=True)
    ]


PHONE_FORMS = (
    "0{a}{b:04}{c:04}",
    "+{dial}{a}{b:04}{c:04}",
    "0{a}-{b:04}-{c:04}",
    "+{dial} {a} {b:04} {c:04}",
    "{dial}{a}{b:04}{c:04}",
    " (0{a}) {b:04} {c:04}",
)
