"""A file is followed to its end only where the end is proven."""

import hashlib

import pytest

from exports.exceptions import StreamBroken
from exports.follower import BLOCK, HELD, Follower
from exports.types import StoredFile

CONTENT = bytes(range(256)) * 5_000


def stored(content):
    return StoredFile(key="k", size=len(content), sha256=hashlib.sha256(content).hexdigest())


class Watched:
    """A follower, what it was told when, and what it said at its end."""

    def __init__(self, path, *answers):
        self.answers, self.ends = list(answers), []
        self.file = path.open("rb")
        self.follower = Follower(self.file, self.published, lambda sent, why: self.ends.append((sent, why)))

    def published(self):
        answer = self.answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return answer() if callable(answer) else answer


@pytest.fixture
def path(tmp_path):
    return tmp_path / "growing"


@pytest.fixture
def watched(path):
    """Follow the file, with these answers to whether it is published."""
    made = []
    yield lambda *answers: made.append(Watched(path, *answers)) or made[-1]
    for each in made:
        each.follower.close()


def test_file_is_followed_as_it_grows(path, watched):
    path.write_bytes(CONTENT[: HELD + 7])

    def grow():
        with path.open("ab") as file:
            file.write(CONTENT[path.stat().st_size :])

    seen = watched(None, grow, lambda: path.unlink(), stored(CONTENT))
    blocks = list(seen.follower)
    assert b"".join(blocks) == CONTENT
    assert (len(blocks[0]), max(map(len, blocks)), len(blocks[-1])) == (7, BLOCK, HELD)
    assert seen.ends == [(len(CONTENT), "")]


@pytest.mark.parametrize("other", [CONTENT[:-1] + b"x", CONTENT + b"x", b"x" + CONTENT[1:]])
def test_last_bytes_of_another_file_are_never_sent(path, watched, other):
    path.write_bytes(CONTENT)
    seen = watched(stored(other))
    sent = []
    with pytest.raises(StreamBroken):
        sent.extend(seen.follower)
    assert sum(map(len, sent)) <= len(CONTENT) - HELD + 1
    assert [bool(why) for _, why in seen.ends] == [True]


def test_break_says_why_once(path, watched):
    path.write_bytes(CONTENT)
    seen = watched(None, StreamBroken("The export is cancelled"))
    with pytest.raises(StreamBroken):
        list(seen.follower)
    seen.follower.close()
    assert seen.ends == [(len(CONTENT) - HELD, "The export is cancelled")]


@pytest.mark.parametrize("blocks", [0, 1])
def test_reader_who_goes_away_is_noticed_and_the_file_let_go(path, watched, blocks):
    path.write_bytes(CONTENT)
    seen = watched()
    reading = iter(seen.follower)
    sent = sum(len(next(reading)) for _ in range(blocks))
    seen.follower.close()
    assert seen.ends == [(sent, "The caller went away")]
    assert seen.file.closed
