"""
`CloneInstance` as a Pulumi dynamic resource.

The name of this module and of *CloneInstanceProvider* are stored in the state of
every user (pickled by reference): they must not change.

Nothing heavy is imported here: a program that declares clones loads no cloud SDK.
"""

import gc
from collections.abc import Mapping
from functools import cache
from typing import TYPE_CHECKING, Unpack

from pulumi.dynamic import (
    CheckResult,
    ConfigureRequest,
    CreateResult,
    DiffResult,
    ReadResult,
    Resource,
    ResourceProvider,
    UpdateResult,
)

import pulumi
from pulumi_rdsclone.adapters.generated.arguments import (
    NAMES,
    SECRETS,
    CloneInstanceArguments,
    CloneInstanceOutputs,
)
from pulumi_rdsclone.adapters.program import hidden_input
from pulumi_rdsclone.domain.type_tokens import CLONE_TYPE, DYNAMIC_CLONE_TYPE
from pulumi_rdsclone.domain.values import Properties, PropertyValue

if TYPE_CHECKING:
    from pulumi_rdsclone.adapters.dynamic_handlers import DynamicHandlers


_OF_THE_PLUGIN = pulumi.ResourceOptions(aliases=[pulumi.Alias(type_=CLONE_TYPE)])
"""The plugin's type, so that its clones can continue here."""


class CloneInstanceProvider(ResourceProvider):
    """
    Serves the engine's calls for clones. It has no state: what it needs is configured.
    """

    serialize_as_secret_always = False
    """It is pickled as a name, so the state needs no ciphertext for it."""

    def configure(self, req: ConfigureRequest) -> None:
        """
        Take the ``rdsclone`` namespace of the stack's configuration.
        """
        _handlers().configure(req.config.get)

    def check(self, _olds: Properties, news: Properties) -> CheckResult:
        """
        Normalise the inputs and apply the checks.
        """
        return _handlers().check(_olds, news)

    def diff(self, _id: str, _olds: Properties, _news: Properties) -> DiffResult:
        """
        Decide whether a change is made in place or needs a new clone.
        """
        return _handlers().diff(_olds, _news)

    def create(self, props: Properties) -> CreateResult:
        """
        Order exactly one clone and wait until it is usable.
        """
        return _handlers().create(props)

    def read(self, id_: str, props: Properties) -> ReadResult:
        """
        Read the clone as it is now.
        """
        return _handlers().read(id_, props)

    def update(self, _id: str, _olds: Properties, _news: Properties) -> UpdateResult:
        """
        Change the clone in place; continue to wait for an unfinished one.
        """
        return _handlers().update(_id, _olds, _news)

    def delete(self, _id: str, _props: Properties) -> None:
        """
        Release the clone and wait until it is gone.
        """
        _handlers().delete(_id, _props)


class CloneInstance(CloneInstanceOutputs, Resource, name="Clone"):
    """
    A clone of an ApsaraDB RDS instance: a new instance with the source's data.

    The clone is ordered by `pulumi up` and costs money from that moment; it is
    released by `pulumi destroy`. `pulumi preview` reports the errors that can be known
    before.
    """

    def __init__(
        self,
        resource_name: str,
        opts: pulumi.ResourceOptions | None = None,
        **arguments: Unpack[CloneInstanceArguments],
    ) -> None:
        """
        Declare a clone.

        Args:
            resource_name: The resource's name in the stack.
            opts: Pulumi's resource options.
            arguments: What to clone and how; see *CloneInstanceArguments*. Groups are
                given as args classes or as plain dicts. A wrong name is refused in
                preview.
        """
        inputs = _to_inputs(arguments, "")
        outputs = dict.fromkeys(NAMES["="].values())
        hidden = hidden_input(
            resource_name, DYNAMIC_CLONE_TYPE, inputs=inputs, opts=opts
        )
        super().__init__(
            CloneInstanceProvider(),
            resource_name,
            {**outputs, **inputs, **hidden},
            pulumi.ResourceOptions.merge(opts, _OF_THE_PLUGIN),
        )

    @staticmethod
    def get(
        resource_name: str, id_: str, opts: pulumi.ResourceOptions | None = None
    ) -> "CloneInstance":
        """
        Return an existing instance that the stack does not own.

        Args:
            resource_name: The resource's name in the stack.
            id_: The instance.
            opts: Pulumi's resource options.
        """
        looked_up = pulumi.ResourceOptions(id=id_)
        return CloneInstance(
            resource_name,
            pulumi.ResourceOptions.merge(opts, looked_up),
            **CloneInstanceArguments(),  # type: ignore[typeddict-item] # no inputs
        )


@cache
def _handlers() -> "DynamicHandlers":
    """
    Return the handlers of this process, loaded by the first call: it costs 0.3 s.
    """
    # What is loaded stays: collecting it took a fifth of the time, and some of every
    # call's.
    gc.disable()
    try:
        from pulumi_rdsclone.adapters.dynamic_handlers import HANDLERS  # noqa: PLC0415
    finally:
        gc.enable()
    gc.freeze()
    return HANDLERS


def _to_inputs(values: Properties, group: str) -> Properties:
    """
    Return *values* under their names in camelCase; unknown names stay as they are.

    Args:
        values: One group of arguments, by their names in Python.
        group: Dotted path of the group, empty at the top.
    """
    names = NAMES[group]
    return {
        names.get(name, name): _to_input(value, f"{group}.{name}".lstrip("."))
        for name, value in values.items()
    }


def _to_input(value: PropertyValue, path: str) -> PropertyValue:
    if path in SECRETS:
        return pulumi.Output.secret(value)
    held = f"{path}[]"
    if isinstance(value, pulumi.Output) and not NAMES.keys().isdisjoint((path, held)):
        return value.apply(lambda known: _to_input(known, path))
    if isinstance(value, Mapping) and path in NAMES:
        return _to_inputs(value, path)
    if held not in NAMES:
        return value
    if isinstance(value, Mapping):
        return {key: _to_input(item, held) for key, item in value.items()}
    return [_to_input(item, held) for item in value]
