"""
What the clones that were checked need together.
"""

from pulumi_rdsclone.lifecycle.demands import Applicant, Demands


def applicant(name: str, vswitch_id: str = "vsw-1") -> Applicant:
    return Applicant(name=name, vswitch_id=vswitch_id)


def test_each_clone_is_told_of_those_checked_before() -> None:
    demands = Demands(quota=5)
    demands.enter("root-a", applicant("a"), free=4, instances=2)
    demands.enter("root-b", applicant("b", "vsw-2"), free=9, instances=2)

    told = demands.enter("root-c", applicant("c"), free=4, instances=2)

    assert ("vsw-1", 4, ("a", "c")) == (told.vswitch_id, told.free, told.placed)
    assert (("a", "b", "c"), 2, 5) == (told.ordered, told.instances, told.quota)


def test_clone_that_is_checked_again_counts_once() -> None:
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


def test_clone_that_is_adopted_needs_no_address() -> None:
    demands = Demands()
    demands.enter("root-a", applicant("a"), free=4)
    demands.adopt("root-a")

    told = demands.enter("root-b", applicant("b"), free=4)

    assert demands.is_adopting("root-a")
    assert ("b",) == told.placed
    assert demands.demand_of("root-a") is None


def test_clones_of_unknown_vswitches_are_not_counted_together() -> None:
    demands = Demands()
    demands.enter("root-a", applicant("a", ""))
    open_place = demands.enter("root-b", applicant("b", ""))
    untold = demands.enter("root-c", applicant("c", "vsw-1"))

    assert [("", ()), ("", ())] == [
        (demand.vswitch_id, demand.placed) for demand in (open_place, untold)
    ]


def test_clone_that_the_program_told_of_counts_once() -> None:
    demands = Demands()
    demands.enter("root-a", applicant("a"), free=4)
    expected = [applicant("a"), applicant("b"), applicant("c", "vsw-2")]

    told = demands.demand_of("root-a", expected)

    assert told is not None
    assert (("a", "b"), ("a", "b", "c")) == (told.placed, told.ordered)
