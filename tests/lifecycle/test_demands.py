"""
What the clones that were checked need together.
"""

from pulumi_rdsclone.lifecycle.demands import Applicant, Demands


def applicant(name: str, vswitch_id: str = "vsw-1") -> Applicant:
    """
    Return a clone that would be ordered.
    """
    return Applicant(name=name, vswitch_id=vswitch_id)


def test_the_later_sees_the_earlier() -> None:
    """
    Each clone is told of those that were checked before, in its vSwitch and in all.
    """
    demands = Demands(quota=5)
    demands.enter("root-a", applicant("a"), free=4, instances=2)
    demands.enter("root-b", applicant("b", "vsw-2"), free=9, instances=2)

    told = demands.enter("root-c", applicant("c"), free=4, instances=2)

    assert ("vsw-1", 4, ("a", "c")) == (told.vswitch_id, told.free, told.placed)
    assert (("a", "b", "c"), 2, 5) == (told.ordered, told.instances, told.quota)


def test_a_replacement_counts_once() -> None:
    """
    A clone that is checked again is the same one, wherever it is by now.
    """
    demands = Demands()
    demands.enter("root-a", applicant("a"), free=4)

    told = demands.enter("root-a", applicant("a", "vsw-2"), free=1)

    assert ("vsw-2", 1, ("a",)) == (told.vswitch_id, told.free, told.placed)


def test_room_is_what_was_free_at_first() -> None:
    """
    What was ordered meanwhile is counted already: less room is no news.
    """
    demands = Demands()
    demands.enter("root-a", applicant("a"), free=4, instances=2)

    told = demands.enter("root-b", applicant("b"), free=3, instances=3)

    assert (4, 2) == (told.free, told.instances)


def test_who_is_adopted_needs_nothing() -> None:
    """
    A clone that an earlier run has ordered has its address.
    """
    demands = Demands()
    demands.enter("root-a", applicant("a"), free=4)
    demands.adopt("root-a")

    told = demands.enter("root-b", applicant("b"), free=4)

    assert demands.is_adopting("root-a")
    assert ("b",) == told.placed
    assert demands.demand_of("root-a") is None


def test_a_place_that_is_not_known() -> None:
    """
    Clones whose vSwitch, or its room, is not known are not together in one.
    """
    demands = Demands()
    demands.enter("root-a", applicant("a", ""))
    open_place = demands.enter("root-b", applicant("b", ""))
    untold = demands.enter("root-c", applicant("c", "vsw-1"))

    assert [("", ()), ("", ())] == [
        (demand.vswitch_id, demand.placed) for demand in (open_place, untold)
    ]


def test_who_is_expected_counts_until_it_is_known() -> None:
    """
    Clones that the program has told of are counted, each once.
    """
    demands = Demands()
    demands.enter("root-a", applicant("a"), free=4)
    expected = [applicant("a"), applicant("b"), applicant("c", "vsw-2")]

    told = demands.demand_of("root-a", expected)

    assert told is not None
    assert (("a", "b"), ("a", "b", "c")) == (told.placed, told.ordered)
