from rds_emulator import Emulator


def clone_ids(emulator: Emulator) -> list[str]:
    return [i.id for i in emulator.instances() if not i.id.startswith("rm-demo-")]


def orders(emulator: Emulator) -> int:
    """
    Return how many orders of clones have had an effect: throttled ones have none.
    """
    calls = emulator.journal.writes()
    return sum(call.action == "CloneDBInstance" for call in calls)
