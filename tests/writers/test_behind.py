import pytest

from exports.writers.behind import Behind

LARGE = bytes(1 << 20)


def test_blocks_keep_their_order_whoever_takes_them():
    taken = []
    behind = Behind(taken.append)
    blocks = [b"a", LARGE, b"b", LARGE, LARGE, b"c"]
    for block in blocks:
        behind.write(block)
    behind.finish()
    assert taken == blocks


@pytest.mark.parametrize("block", [b"a", LARGE], ids=["small", "large"])
def test_error_in_taking_a_block_reaches_the_writer(block):
    def refuse(block):
        raise OSError("disk")

    def write():
        behind = Behind(refuse)
        behind.write(block)
        behind.finish()

    with pytest.raises(OSError, match="disk"):
        write()
