import pytest

from exports.delivery import addresses

LONGEST = f"{'a' * 64}@{'b' * 63}.{'c' * 63}.{'d' * 57}.org"


@pytest.mark.parametrize(
    "address",
    [
        "staff@example.org",
        "first.last+exports@mail.example.co.id",
        "o'neil_99@example.org",
        "name@xn--bcher-kva.example",
        LONGEST,
    ],
)
def test_plain_address_is_taken(address):
    assert addresses.problem(address) == ""


REFUSED = [
    "",
    "staff",
    "@example.org",
    "staff@",
    "staff@localhost",
    "staff@example",
    "a@example.org,b@example.org",
    "a@example.org;b@example.org",
    "a@example.org b@example.org",
    "a@example.org\nb@example.org",
    "a@example.org\r\nBcc: b@example.org",
    "a@example.org\r\n",
    "a@example.org\n",
    " a@example.org",
    "a@example.org\x00",
    "a\tb@example.org",
    "Staff <staff@example.org>",
    "<staff@example.org>",
    '"a b"@example.org',
    '"a\r\nBcc: b@example.org"@example.org',
    '"a@example.org,b"@example.org',
    "a@b@example.org",
    "a%b.example@example.org",
    "b.example!a@example.org",
    "staff@[127.0.0.1]",
    "staff@127.0.0.1",
    "staff＠example.org",
    "ståff@example.org",
    "staff@exаmple.org",
    "staff@example。org",
    "staff@example.org\u2028Bcc: b@example.org",
    "\u202estaff@example.org",
    "staff\u200b@example.org",
    "a..b@example.org",
    ".a@example.org",
    f"{'a' * 65}@example.org",
    "a" + LONGEST,
    f"a{LONGEST}".replace("@", "@x."),
    "=?utf-8?q?a=40b.example=2C?=@example.org,c@d.example",
]
"""What must never come into a header or an envelope; lists, names, routes, line breaks, look-alikes."""


@pytest.mark.parametrize("address", REFUSED)
def test_anything_else_is_refused_with_a_sentence(address):
    assert addresses.problem(address).startswith("must ")


@pytest.mark.parametrize(
    ("address", "is_in"),
    [
        ("a@example.org", True),
        ("a@EXAMPLE.org", True),
        ("a@mail.example.org", False),
        ("a@notexample.org", False),
        ("a@example.org.evil.example", False),
    ],
)
def test_domain_is_the_whole_domain(address, is_in):
    assert addresses.is_in(address, ("Example.org",)) is is_in
