"""
Passes all clones that a program declares to each clone's Check, in a hidden input.

The engine ends a preview at the first resource whose Check fails. So that it reports
what is wrong with all clones, each constructor notes its clone, and the hidden input
contains all notes. It is evaluated when a resource is registered, and by then all
constructors of a program's top level have run. Check removes it.
"""

import asyncio
import base64
import json
import zlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, Final
from weakref import WeakKeyDictionary

from pulumi.runtime.mocks import MockMonitor
from pulumi.runtime.rpc import UNKNOWN

import pulumi
from pulumi_rdsclone.domain.urn import name_in
from pulumi_rdsclone.domain.values import Properties, PropertyValue

PROGRAM: Final = "__program"
"""Name of the hidden input; the engine shows no property with such a prefix."""

_STATE: Final = "pulumi:pulumi:readStackResourceOutputs"
_STATE_SECONDS: Final = 10
"""How long a backend may delay the program; then siblings are not checked."""


@dataclass(frozen=True, kw_only=True)
class Program:
    """
    The content of the hidden input.

    Attributes:
        clones: The declared clones, each with its name and inputs, and what the state
            holds of these; empty if the state is not known.
        keys: The clone keys in the state, by URN.
        parallel: How many resources the engine makes at once; 0 if not known.
    """

    clones: list[dict[str, Any]] = field(default_factory=list)
    keys: dict[str, str] = field(default_factory=dict)
    parallel: int = 0

    def pack(self) -> str:
        """
        Return it as a short text: every clone gets it.
        """
        text = json.dumps(vars(self))
        return base64.b85encode(zlib.compress(text.encode())).decode()


def program_from(inputs: Properties) -> Program:
    """
    Return the program in the hidden input of *inputs*.
    """
    text = inputs.get(PROGRAM)
    return _unpack(text) if isinstance(text, str) else Program()


@lru_cache(maxsize=1)
def _unpack(text: str) -> Program:
    return Program(**json.loads(zlib.decompress(base64.b85decode(text))))


class _Declared:
    """
    The clones that a program has declared so far.
    """

    def __init__(self, resource_type: str) -> None:
        self._resource_type = resource_type
        self._clones: list[dict[str, Any]] = []
        self._recorded: Mapping[str, Properties] | None = None
        self._hidden: pulumi.Output[str] | None = None
        self._is_sent = False

    def note(self, name: str, inputs: Properties, *, nested: bool) -> None:
        known = {key: _plain(value) for key, value in inputs.items()}
        self._clones.append({"name": name, "inputs": known, "nested": nested})

    def hidden(self) -> pulumi.Output[str]:
        """
        Return the hidden input, one for all clones that are declared until it is sent.
        """
        if self._hidden is None or self._is_sent:
            self._is_sent = False
            self._hidden = pulumi.Output.from_input(self._packed())
        return self._hidden

    async def _packed(self) -> str:
        if self._recorded is None:
            self._recorded = await _recorded(self._resource_type)
        self._is_sent = True
        if self._recorded is None:
            return Program().pack()
        by_name = {name_in(urn): v for urn, v in self._recorded.items()}
        clones = [
            {
                **clone,
                "recorded": known_values(by_name.get(clone["name"]), clone["inputs"]),
            }
            for clone in self._clones
        ]
        keys = {urn: values.get("cloneKey") for urn, values in self._recorded.items()}
        return Program(
            clones=clones,
            keys={urn: key for urn, key in keys.items() if key},
            parallel=getattr(pulumi.runtime.settings.SETTINGS, "parallel", None) or 0,
        ).pack()


_PROGRAMS: WeakKeyDictionary[pulumi.Resource, _Declared] = WeakKeyDictionary()
"""The programs of this process by their stacks; the Automation API runs several."""


def hidden_input(
    name: str,
    resource_type: str,
    *,
    inputs: Properties,
    opts: pulumi.ResourceOptions | None,
) -> dict[str, pulumi.Output[str]]:
    """
    Note a clone that is being declared, and return the hidden input for it.

    Args:
        name: The resource's name.
        resource_type: The type of all clones.
        inputs: As declared, by their names in Pulumi.
        opts: Pulumi's resource options.

    Returns:
        Empty for a clone that is looked up, and where no engine runs.
    """
    stack = pulumi.runtime.get_root_resource()
    monitor = pulumi.runtime.settings.get_monitor()
    looked_up = opts is not None and opts.id is not None
    if stack is None or looked_up or isinstance(monitor, MockMonitor):
        return {}
    program = _PROGRAMS.setdefault(stack, _Declared(resource_type))
    program.note(name, inputs, nested=bool(opts and opts.parent))
    return {PROGRAM: program.hidden()}


async def _recorded(resource_type: str) -> Mapping[str, Properties] | None:
    """
    Return the outputs of all clones in the stack's state by URN; None if unknown.
    """
    names = (pulumi.get_organization(), pulumi.get_project(), pulumi.get_stack())
    try:
        answer = await asyncio.wait_for(
            pulumi.runtime.invoke_async(_STATE, {"stackName": "/".join(names)}),
            _STATE_SECONDS,
        )
        resources = answer["outputs"].items()
    except Exception:  # noqa: BLE001 - without it siblings are not checked
        return None
    return {
        urn: _plain(resource["outputs"])
        for urn, resource in resources
        if resource["type"] == resource_type
    }


def known_values(recorded: PropertyValue, declared: PropertyValue) -> PropertyValue:
    """
    Return what *recorded* holds of plain *declared* values: others may be secrets.
    """
    if not isinstance(declared, Mapping) or not isinstance(recorded, Mapping):
        hides = declared == UNKNOWN or (
            isinstance(declared, list) and UNKNOWN in declared
        )
        return UNKNOWN if hides else recorded
    return {
        key: known_values(recorded[key], declared[key])
        for key in declared.keys() & recorded.keys()
    }


def _plain(value: PropertyValue) -> PropertyValue:
    """
    Return *value* with UNKNOWN in place of outputs, which may be secret.
    """
    if isinstance(value, Mapping):
        return {str(key): _plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    if value is None or isinstance(value, str | int | float):
        return value
    return UNKNOWN
