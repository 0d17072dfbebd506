import threading

import pytest

from exports.writers.makers import MANY_ROWS, Makers


def test_blocks_are_taken_in_their_order_whoever_makes_them():
    taken = []
    makers = Makers(taken.append)
    second_made = threading.Event()

    def slow():
        assert second_made.wait(10)
        yield b"first"

    def quick():
        yield b"second"
        second_made.set()

    makers.put(slow(), rows=MANY_ROWS)
    makers.put(quick(), rows=MANY_ROWS)
    makers.put([b"third"])
    makers.finish()
    makers.put([b"fourth"])
    assert taken == [b"first", b"second", b"third", b"fourth"]


def test_only_a_few_pieces_are_on_their_way():
    taken = []
    makers = Makers(taken.append)
    for number in range(20):
        makers.put([b""], rows=MANY_ROWS)
        assert number - len(taken) < 4
    makers.finish()
    assert len(taken) == 20


@pytest.mark.parametrize("rows", [1, MANY_ROWS], ids=["few rows", "many rows"])
def test_error_in_making_or_taking_a_block_reaches_the_writer(rows):
    def refuse(block):
        raise OSError("disk")

    def write(take, blocks):
        makers = Makers(take)
        makers.put(blocks, rows=rows)
        makers.finish()

    with pytest.raises(OSError, match="disk"):
        write(refuse, [b"a"])
    with pytest.raises(ValueError, match="no column"):
        write(print, broken())


def broken():
    raise ValueError("no column")
    yield b""
