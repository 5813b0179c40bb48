from pulumi_rdsclone.adapters.neighbours import Neighbours
from pulumi_rdsclone.domain.neighbours import Neighbour, neighbour_of


def clone(name: str, prefix: str) -> Neighbour:
    inputs = {"network": {"connection_prefix": prefix}}
    return neighbour_of(name, inputs, region="cn-hangzhou")


def test_of_two_clones_one_hears_of_the_other() -> None:
    known = Neighbours()
    a, b = clone("a", "orders"), clone("b", "orders")

    assert () == known.enter("urn-a", a)
    assert (a,) == known.enter("urn-b", b)
    assert () == known.enter("urn-a", a)


def test_clone_counts_as_it_is_declared_last() -> None:
    known = Neighbours()
    old, new, b = clone("a", "orders"), clone("a", "carts"), clone("b", "orders")
    known.enter("urn-a", old)
    known.enter("urn-b", b)

    assert (b,) == known.enter("urn-a", new)
    assert () == known.enter("urn-b", b)


def test_clone_without_a_urn_is_not_noted() -> None:
    known = Neighbours()
    a = clone("a", "orders")

    assert [(), ()] == [known.enter("", a), known.enter("", a)]
    known.enter("urn-b", clone("b", "orders"))
    assert 1 == len(known.enter("", a))
