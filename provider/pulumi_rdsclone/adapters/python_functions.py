"""
Calls of the functions by programs in Python, answered in the program's own process.

Nothing heavy is imported before the first call.
"""

import asyncio
import os
from collections.abc import Mapping
from functools import cache
from typing import TYPE_CHECKING, Any, TypeVar

from pulumi.runtime.mocks import MockMonitor
from pulumi.runtime.settings import get_monitor

import pulumi

if TYPE_CHECKING:
    from pulumi_rdsclone.cloud.regions import CloudRegions
    from pulumi_rdsclone.cloud.settings import Settings
    from pulumi_rdsclone.lifecycle.asking import Function

R = TypeVar("R")


class FunctionError(pulumi.RunError):
    """
    A function has no answer. Its text is one clear sentence for each reason.

    A program that does not catch it ends with the text alone.
    """


def ask(name: str, result: type[R], arguments: Mapping[str, Any]) -> R:
    """
    Answer the function *name*.

    Args:
        name: As the table of functions has it.
        result: What to put the answer in.
        arguments: By their names in Python; None is left out.

    Raises:
        FunctionError: The arguments are wrong, or there is no answer.
    """
    from pulumi_rdsclone.domain.errors import CloneError  # noqa: PLC0415
    from pulumi_rdsclone.lifecycle.asking import FUNCTIONS  # noqa: PLC0415
    from pulumi_rdsclone.presentation.internal_errors import describe_internal_error  # noqa: PLC0415

    try:
        return _made(result, _answer(FUNCTIONS[name], _plain(arguments)))
    except FunctionError:
        raise
    except CloneError as error:
        text = str(error)
    except Exception as error:  # noqa: BLE001 - whatever it is, it is told
        text = describe_internal_error(error)
    raise FunctionError(text)


def ask_output(
    name: str, result: type[R], arguments: Mapping[str, Any]
) -> pulumi.Output[R]:
    """
    Answer the function *name* once all of *arguments* are known, as *ask* does.
    """

    def answer(known: Mapping[str, Any]) -> pulumi.Output[R]:
        # In a thread: the program goes on meanwhile.
        return pulumi.Output.from_input(asyncio.to_thread(ask, name, result, known))

    return pulumi.Output.from_input(dict(arguments)).apply(answer)


def _answer(function: "Function[Any]", arguments: dict[str, Any]) -> dict[str, Any]:
    if isinstance(get_monitor(), MockMonitor):
        return _mocked(function, arguments)

    from pulumi_rdsclone.cloud.settings import Settings  # noqa: PLC0415

    return function.answer(arguments, _regions(Settings.of(_configured(), os.environ)))


def _mocked(function: "Function[Any]", arguments: dict[str, Any]) -> dict[str, Any]:
    """
    Have the mocks of a unit test answer.

    Raises:
        FunctionError: They leave out what is always told.
    """
    from pulumi_rdsclone.domain.model import fields_of  # noqa: PLC0415
    from pulumi_rdsclone.domain.type_tokens import token_of  # noqa: PLC0415
    from pulumi_rdsclone.presentation.properties import (  # noqa: PLC0415
        from_properties,
        to_properties,
    )
    from pulumi_rdsclone.presentation.spelling import to_camel  # noqa: PLC0415

    token = token_of(function.name)
    asked = to_properties(arguments, dict, (function.arguments,))
    answer = pulumi.runtime.invoke(token, asked).value
    told = from_properties(answer, lambda _: False, (function.result,))
    required = (field.name for field in fields_of(function.result) if field.required)
    if missing := [to_camel(name) for name in required if name not in told]:
        msg = (
            f"the mock of {token} leaves out {', '.join(missing)} — add what is missing"
        )
        raise FunctionError(msg)
    return told


def _configured() -> dict[str, str]:
    """
    Give the ``rdsclone`` namespace of the stack's configuration.
    """
    from dataclasses import fields  # noqa: PLC0415

    from pulumi_rdsclone.cloud.settings import Settings  # noqa: PLC0415
    from pulumi_rdsclone.presentation.spelling import to_camel  # noqa: PLC0415

    config = pulumi.Config("rdsclone")
    told = {one.name: config.get(to_camel(one.name)) for one in fields(Settings)}
    return {name: value for name, value in told.items() if value}


@cache
def _regions(settings: "Settings") -> "CloudRegions":
    """
    Give what *settings* reach; what was learnt there serves all calls of a program.
    """
    from pulumi_rdsclone.cloud.regions import CloudRegions  # noqa: PLC0415

    return CloudRegions(settings)


def _made(result: type[R], tree: dict[str, Any]) -> R:
    from pydantic import TypeAdapter  # noqa: PLC0415

    return TypeAdapter(result).validate_python(tree)


def _plain(value: Any) -> Any:
    """
    Give *value* as a tree of plain values, without what is None.

    Raises:
        FunctionError: A value has yet to come.
    """
    if isinstance(value, pulumi.Output):
        msg = (
            "an argument is an Output, which is not known yet — call the function "
            "whose name ends in _output"
        )
        raise FunctionError(msg)
    if isinstance(value, Mapping):
        return {key: _plain(v) for key, v in value.items() if v is not None}
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    return value
