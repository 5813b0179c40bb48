from pulumi_rdsclone.adapters.neighbours import Neighbours
from pulumi_rdsclone.domain.neighbours import Neighbour, neighbour_of


def clone(name: str, prefix: str) -> Neighbour:
    """
    Return what a clone declares for itself.
    """
    inputs = {"network": {"connection_prefix": prefix}}
    return neighbour_of(name, inputs, "cn-hangzhou")


def test_the_later_sees_the_earlier() -> None:
    """
    Of two clones one hears of the other, however often they are checked.
    """
    known = Neighbours()
    a, b = clone("a", "orders"), clone("b", "orders")

    assert () == known.enter("urn-a", a)
    assert (a,) == known.enter("urn-b", b)
    assert () == known.enter("urn-a", a)


def test_what_is_given_up_is_free() -> None:
    """
    A clone counts as it is declared last, and hears of all others then.
    """
    known = Neighbours()
    old, new, b = clone("a", "orders"), clone("a", "carts"), clone("b", "orders")
    known.enter("urn-a", old)
    known.enter("urn-b", b)

    assert (b,) == known.enter("urn-a", new)
    assert () == known.enter("urn-b", b)


def test_without_a_urn_nothing_is_noted() -> None:
    """
    What cannot be told from itself is in nobody's way.
    """
    known = Neighbours()
    a = clone("a", "orders")

    assert [(), ()] == [known.enter("", a), known.enter("", a)]
    known.enter("urn-b", clone("b", "orders"))
    assert 1 == len(known.enter("", a))
