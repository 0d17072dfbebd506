import io

import pytest
from django.contrib.auth.models import User
from django.core.management import CommandError, call_command

from exports.models import ApiClient

pytestmark = pytest.mark.django_db


def create(*arguments):
    out = io.StringIO()
    call_command("create_api_key", *arguments, stdout=out)
    return out.getvalue()


def test_key_is_the_last_line_and_works():
    lines = create("shop").splitlines()
    assert ApiClient.objects.get_from_key(lines[-1]).name == "shop"
    assert "every program" in lines[0]


def test_client_gets_its_person_programs_and_networks():
    user = User.objects.create_user("ayu")
    out = create(
        "shop", "--user", "ayu", "--program", "1", "--program", "2", "--network", "10.0.0.0/8", "--network", "::1/128"
    )
    client = ApiClient.objects.get()
    assert (client.user, client.programs, client.networks) == (user, [1, 2], ["10.0.0.0/8", "::1/128"])
    assert "acts for ayu, may export program 1, 2, may call from 10.0.0.0/8, ::1/128" in out


def test_client_gets_sensitive_values_unless_they_are_to_be_hidden():
    assert "without sensitive values" not in create("shop")
    assert "every program without sensitive values" in create("board", "--hide-sensitive")
    assert list(ApiClient.objects.order_by("created").values_list("export_sensitive", flat=True)) == [True, False]


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["shop", "--user", "nobody"], "There is no user 'nobody'."),
        (["shop", "--network", "10.0.0.0/99"], "'10.0.0.0/99' is not a network"),
        (["shop", "--program", "seven"], "invalid int value"),
        (["s" * 51], "at most 50 characters"),
        ([""], "cannot be blank"),
    ],
)
def test_mistakes_are_named_and_nothing_is_made(arguments, words):
    with pytest.raises(CommandError, match=words.replace("(", r"\(")):
        create(*arguments)
    assert not ApiClient.objects.exists()
