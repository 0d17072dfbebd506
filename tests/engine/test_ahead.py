import pytest

from exports.engine.ahead import ahead


def test_items_keep_their_order():
    assert list(ahead(iter(range(1, 100)))) == list(range(1, 100))


def test_error_comes_after_the_items_before_it():
    def items():
        yield 1
        raise ValueError("broken")

    made = ahead(items())
    assert next(made) == 1
    with pytest.raises(ValueError, match="broken"):
        next(made)
