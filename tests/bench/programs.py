"""
The programs that are measured. `Stack.write` gives them their imports.
"""

CLONES = """
def declare(name):
    return rdsclone.CloneInstance(
        name, source_instance_id="rm-demo-mysql80", restore_point={"latest": "time"}
    )
"""

FURNISHED = """
def declare(name):
    return rdsclone.CloneInstance(
        name,
        source_instance_id="rm-demo-mysql80",
        restore_point={"latest": "time"},
        description=name,
        tags={"team": "data"},
        capacity={"storage_gb": 120},
        security_ips={"default": ["10.0.0.0/8"]},
        ssl={},
    )
"""

NOTHING = """
from pulumi.dynamic import CreateResult, Resource, ResourceProvider


class Provider(ResourceProvider):
    serialize_as_secret_always = False

    def create(self, props):
        import pathlib, time

        time.sleep(1)
        pathlib.Path("done-" + props["name"]).write_text(str(time.time()))
        return CreateResult(props["name"], {**props, "status": "done"})


class Nothing(Resource, module="rds", name="CloneInstance"):
    status: pulumi.Output[str]

    def __init__(self, name):
        super().__init__(Provider(), name, {"name": name, "status": None})


def declare(name):
    return Nothing(name)
"""

NAMED_NOTHING = """
from tests.bench.nothing import Nothing


def declare(name):
    return Nothing(name)
"""
"""Nothing that is pickled by its name, as clones are: by value 300 are the most."""

SLEEPING = """
from pulumi.dynamic import CreateResult, Resource, ResourceProvider


class Provider(ResourceProvider):
    serialize_as_secret_always = False

    def configure(self, req):
        from pulumi_rdsclone.adapters.dynamic_handlers import WORKERS
        from pulumi_rdsclone.adapters.pulumi_server import raise_worker_cap

        assert raise_worker_cap(WORKERS)

    def create(self, props):
        import time

        time.sleep(5)
        return CreateResult(props["name"], props)


class Sleeping(Resource, module="rds", name="CloneInstance"):
    def __init__(self, name):
        super().__init__(Provider(), name, {"name": name})


def declare(name):
    return Sleeping(name)
"""
"""Do nothing for the 5 s that a clone takes, as many at a time as clones."""

MANY = """
for number in range({count}):
    declare(f"clone-{{number}}")
"""

CLONES_OF_20_SOURCES = """
for number in range(100):
    rdsclone.CloneInstance(
        f"clone-{number}",
        source_instance_id=f"rm-source-{number % 20}",
        restore_point={"latest": "time"},
    )
"""

TIMED = """
import pathlib, time

def seen(resource, name):
    def note(values):
        if values[1] is not None:
            text = f"{{values[0]}} {{time.time()}}"
            pathlib.Path("seen-" + name).write_text(text)
    pulumi.Output.all(resource.id, resource.status).apply(note)

for number in range({count}):
    seen(declare(f"clone-{{number}}"), f"clone-{{number}}")
"""
