"""What people write into large fields: some words, many lines, quotes, several languages."""

from functools import cache
from random import Random

QUESTIONS = (
    "Why do you want to join this program?",
    "Describe a project that you led, and what you learned from it.",
    "Apa kontribusi Anda bagi masyarakat?",
    "How will you use what you learn here?\n(at most 500 words)",
)
OPENINGS = (
    "I have always believed that young people can change their cities.",
    "Sejak kecil saya bercita-cita menjadi jembatan antarbudaya.",
    'My teacher once said: "Nobody is too small to begin."',
    "As the first in my family to study, I know what a chance is worth.",
    "Ever since the flood of our district I have worked as a volunteer.",
    "Tôi muốn kết nối với bạn bè quốc tế và học hỏi từ họ.",
    "أريد أن أشارك تجربتي مع شباب من جميع أنحاء العالم.",
    "私は地域の子どもたちに英語を教えています。",
    "My motivation is simple: share, learn, act!",
    "- to learn\n- to share\n- to act",
    "1) Leadership; 2) friendship; 3) impact",
    "Honestly, I didn't expect to get this far 😊",
)
SENTENCES = (
    "Together with four friends I started a reading corner that 120 children use today.",
    "We raised Rp 3.500.000,- in two weeks and bought water filters for three villages.",
    "The hardest part was to convince the elders, who had seen many projects come and go.",
    "It taught me to listen first, plan second, and speak last.",
    'Our motto was "one hour, one tree"; by June we had planted 1,024 of them.',
    "In my faculty I coordinate a team of 15 people across 3 time zones.",
    "Saya percaya bahwa perubahan besar dimulai dari langkah kecil.",
    "Kami membuat kelas daring gratis setiap akhir pekan, dan pesertanya terus bertambah.",
    "Dự án đã giúp hơn 200 học sinh ở vùng sâu tiếp cận sách vở.",
    "Eğitim, herkes için ulaşılabilir olmalıdır.",
    "С детства я мечтал(а) увидеть мир и рассказать о своей стране.",
    "我希望把学到的知识带回家乡。",
    "मैं अपने गाँव के बच्चों को पढ़ाती हूँ।",
    "The budget was tiny (<100 USD), the result was not: 40 % less plastic at school & on the beach.",
    "After the program I will run a workshop at my university and publish all material at https://www.example.org/notes.",
    "I would be honoured to represent my community, to make friends, and to come back with a plan.",
    "Failure taught me more than any prize: our first application had a bug that lost a day of data.",
    "Café culture, batik and bad puns are what I can offer in return.",
)
EXPERIENCES = (
    "Head of Public Relations, Student Council (2023-2024)\nVolunteer, Beach Clean-Up",
    "Intern at PT Contoh Sejahtera; 3 months",
    "Moderator of a webinar with 300 participants",
    "1. Secretary of the debate club\n2. Tutor of mathematics\n3. Treasurer, scouts",
    "Magang di kantor desa, 2 bulan",
    'Founder of a "zero waste" shop\n\nSpeaker at school events',
    "None yet",
    "-",
    "",
)
ACHIEVEMENTS = (
    "2nd place, national essay contest",
    "Juara 1 lomba debat tingkat provinsi, 2023",
    "Best paper\nBest delegate",
    "GPA 3.92/4.00",
    "Top 5 % of the year",
    "IELTS 7.5; HSK 4",
    "N/A",
    "-",
    "",
)
ORGANIZATIONS = (
    "Student Council",
    "First Aid Youth\nDebate Club",
    "Karang Taruna, OSIS, Pramuka",
    "Robotics club; English club",
    "Exchange club (member)",
    "Himpunan Mahasiswa Teknik 'Sipil'",
    "",
)
DISEASES = (
    "-",
    "None",
    "Tidak ada",
    "Asthma",
    "Alergi udang, kacang",
    "Gastritis (maag)",
    "Migraine;\nseasonal allergy",
    "",
)
REMARKS = (
    "Paid by a relative.",
    "Transfer in two parts:\n1) 100.000\n2) 50.000",
    'Account holder is "my mother", see proof',
    "please check, thank you :)",
    "-",
    "",
)


@cache
def answers() -> list[str]:
    """Return answers of ordinary length: an opening and a paragraph or two."""
    dice = Random("answers")
    return [
        f"{dice.choice(OPENINGS)}{dice.choice((' ', chr(10), chr(10) * 2))}{_paragraph(dice)}" for _ in range(1_500)
    ]


@cache
def long_answers() -> list[str]:
    """Return answers of several thousand characters."""
    dice = Random("long answers")
    return ["\n\n".join(_paragraph(dice) for _ in range(dice.randint(14, 40))) for _ in range(40)]


def _paragraph(dice: Random) -> str:
    return " ".join(dice.sample(SENTENCES, k=dice.randint(1, 4)))
