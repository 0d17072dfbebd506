"""Names of nobody in particular, in the scripts that people write them in."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property


@dataclass(frozen=True, kw_only=True)
class Names:
    """Given and family names of a language, and how they are put together."""

    women: Sequence[str]
    men: Sequence[str]
    families: Sequence[str]
    pattern: str

    @cached_property
    def of_women(self) -> list[str]:
        """Full names."""
        return self._full(self.women)

    @cached_property
    def of_men(self) -> list[str]:
        """Full names."""
        return self._full(self.men)

    def _full(self, given: Sequence[str]) -> list[str]:
        return [self.pattern.format(given=name, family=family) for name in given for family in self.families]


def _names(*, women: str, men: str, families: str, pattern: str = "{given} {family}") -> Names:
    """Return the names that stand between commas."""
    return Names(
        women=women.split(", "),
        men=men.split(", "),
        families=families.split(", "),
        pattern=pattern,
    )


INDONESIAN = _names(
    women="Ayu, Dewi, Siti, Putri, Rina, Wulan, Intan, Nadya, Citra, Laras, Anisa, Fitri, Melati, Kartika, Ratna, "
    "Yuni, Tiara, Nur'aini, Sekar, Kirana, Zahra, Maya, Dyah, Salsabila, Nabila, Aulia",
    men="Budi, Agus, Rizky, Fajar, Dimas, Bagus, Eko, Hendra, Ilham, Joko, Galih, Yusuf, Bayu, Arif, Wahyu, Reza, "
    "Adi, Ma'ruf, Satria, Teguh, Surya, Raka, Aditya, Rafi, Fikri, Muhammad",
    families="Santoso, Wijaya, Pratama, Siregar, Lestari, Saputra, Nugroho, Hidayat, Kusuma, Simanjuntak, Harahap, "
    "Setiawan, Rahmawati, Maharani, Permata, Nasution, Gunawan, Syafi'i, Utami, Tarigan, Halim, Ramadhan, "
    "Al-Farisi, Handayani",
)
MALAY = _names(
    women="Nurul, Aisyah, Farah, Hani, Izzati, Syafiqah, Mei, Li",
    men="Amir, Faiz, Hafiz, Iskandar, Zulkifli, Danial, Wei, Jie",
    families="binti Ismail, bin Abdullah, Rahman, Tan, Lim, a/l Subramaniam, bin Haji Omar, Chong",
)
VIETNAMESE = _names(
    women="Thị Hồng, Ngọc Ánh, Thùy Dương, Mỹ Linh, Bảo Châu, Khánh Vân, Diễm Quỳnh",
    men="Văn Đức, Minh Quân, Hữu Phước, Quốc Bảo, Đình Trọng, Tuấn Kiệt, Gia Huy",
    families="Nguyễn, Trần, Lê, Phạm, Huỳnh, Võ, Đặng, Bùi, Đỗ, Ngô",
    pattern="{family} {given}",
)
ARABIC = _names(
    women="فاطمة, مريم, عائشة, نور, سلمى, ليلى, هبة, ياسمين",
    men="محمد, أحمد, يوسف, عمر, خالد, إبراهيم, كريم, مصطفى",
    families="حسن, منصور, السيد, العلي, عبد الرحمن, الشامي, فهمي, سليمان",
)
URDU = _names(
    women="عائشہ, زینب, ہاجرہ, ثناء",
    men="علی, بلال, حمزہ, عثمان",
    families="خان, احمد, قریشی, ملک",
)
HEBREW = _names(
    women="נועה, תמר, שירה, יעל, מאיה",
    men="דוד, יונתן, איתן, נועם, אורי",
    families="כהן, לוי, מזרחי, פרץ, ביטון",
)
HINDI = _names(
    women="प्रिया, अनन्या, दीपिका, कविता, सुनीता, मीरा",
    men="राहुल, अर्जुन, विक्रम, रोहन, संजय, आदित्य",
    families="शर्मा, वर्मा, सिंह, गुप्ता, पटेल, मिश्रा, यादव",
)
BENGALI = _names(
    women="সাদিয়া, নুসরাত, তানিয়া",
    men="রাকিব, তানভীর, সাকিব",
    families="হোসেন, ইসলাম, রহমান, চৌধুরী",
)
THAI = _names(
    women="กมลวรรณ, ณัฐธิดา, พิมพ์ชนก, ศิริพร",
    men="ธนากร, กิตติพงศ์, สมชาย, วรวุฒิ",
    families="ศรีสุข, วงศ์ใหญ่, ทองดี, แสงจันทร์, บุญมี",
)
CHINESE = _names(
    women="芳, 秀英, 静怡, 雨桐, 欣怡, 梓涵",
    men="伟, 建国, 浩然, 子轩, 宇航, 俊杰",
    families="王, 李, 张, 刘, 陈, 杨, 黄, 欧阳",
    pattern="{family}{given}",
)
JAPANESE = _names(
    women="結衣, さくら, 美咲, 陽菜, ユイ",
    men="大輔, 翔太, 蓮, 健一, タカシ",
    families="佐藤, 鈴木, 高橋, 田中, 渡邊, 山﨑",
    pattern="{family} {given}",
)
KOREAN = _names(
    women="서연, 지우, 하은, 민지, 수아",
    men="민준, 서준, 도윤, 지훈, 현우",
    families="김, 이, 박, 최, 정, 강",
    pattern="{family}{given}",
)
RUSSIAN = _names(
    women="Анна, Екатерина, Ольга, Мария, Алёна",
    men="Дмитрий, Алексей, Иван, Сергей, Артём",
    families="Ким, Шевченко, Лем, Ткач, Коваль, Мельник",
)
KAZAKH = _names(
    women="Айгерім, Әсел, Дана",
    men="Нұрлан, Ерлан, Әлихан",
    families="Оспан, Қасым, Сейіт, Жұмабай",
)
GREEK = _names(
    women="Μαρία, Ελένη, Κατερίνα, Σοφία",
    men="Γιώργος, Δημήτρης, Νίκος, Κώστας",
    families="Μακρής, Βλάχου, Γεωργίου, Ιωάννου",
)
TURKISH = _names(
    women="Zeynep, Elif, Ayşe, İrem, Çağla, Gülşah",
    men="Mehmet, Emre, Oğuz, İsmail, Çağrı, Ümit",
    families="Yılmaz, Öztürk, Şahin, Çelik, Doğan, Işık, Güneş",
)
NIGERIAN = _names(
    women="Ngozi, Chioma, Adaeze, Folasade, Ọlájùmọ̀kẹ́, Amina, Blessing, Halima",
    men="Chinedu, Emeka, Oluwaseun, Tunde, Ibrahim, Babátúndé, Musa, Goodluck",
    families="Okafor, Adeyemi, Balogun, Eze, Ọdẹ́wálé, Bello, Nwosu, Danjuma, Okonkwo-Bright",
)
SOUTH_ASIAN = _names(
    women="Ayesha, Fatima, Sana, Hira, Priya, Nimra",
    men="Bilal, Hamza, Usman, Rohan, Farhan, Arjun",
    families="Khan, Malik, Sheikh, Qureshi, Sharma, Iqbal, Perera",
)
FILIPINO = _names(
    women="Maria, Angelica, Jasmine, Princess, Kyla",
    men="Juan, Miguel, Paolo, Jericho, Carlo",
    families="Dela Cruz, Reyes, Santos, Bautista, Peña, Ocampo",
)
LATIN = _names(
    women="Zoë, Chloé, Łucja, Žofie, Åsa, Inês, Siobhán, Réka, María, Jürgena, D'Anna",
    men="José, Jürgen, Łukasz, Ondřej, Søren, João, Séamus, László, Ramón, François, Ștefan",
    families="O'Neil, D'Angelo, Müller, Großmann, Wiśniewska, Dvořák, Ødegård, Gonçalves, Szűcs, Núñez de la Torre, "
    "van 't Hoff, Lefèvre-Dubois, Țepeș, Smith",
)
AFRICAN = _names(
    women="Akosua, Wanjiku, Amara, Thandiwe, Zawadi",
    men="Kwame, Kofi, Kamau, Sipho, Baraka",
    families="Owusu, Mensah, Otieno, Dlamini, Ng'ang'a, Mwangi",
)
EVERY_LANGUAGE = (
    INDONESIAN, INDONESIAN, INDONESIAN, MALAY, VIETNAMESE, ARABIC, HEBREW, HINDI, THAI, CHINESE, JAPANESE, KOREAN,
    RUSSIAN, GREEK, TURKISH, NIGERIAN, SOUTH_ASIAN, LATIN,
)  # fmt: skip
