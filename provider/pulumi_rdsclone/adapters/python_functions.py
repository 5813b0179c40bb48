"""
Answers calls of the functions by programs in Python, in the program's process.

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
from pulumi_rdsclone.domain.values import Properties, PropertyValue

if TYPE_CHECKING:
    from pulumi_rdsclone.cloud.regions import CloudRegions
    from pulumi_rdsclone.cloud.settings import Settings
    from pulumi_rdsclone.lifecycle.functions import Function

R = TypeVar("R")


class FunctionError(pulumi.RunError):
    """
    A function failed; the text is one sentence for each reason.

    A program that does not catch it ends with the text alone.
    """


def ask(name: str, result: type[R], arguments: Properties) -> R:
    """
    Return the result of the function *name*.

    Args:
        name: As in the table of functions.
        result: Type of the result.
        arguments: By their names in Python; None is left out.

    Raises:
        FunctionError: The arguments are wrong, or there is no result.
    """
    from pulumi_rdsclone.domain.errors import CloneError  # noqa: PLC0415
    from pulumi_rdsclone.lifecycle.functions import FUNCTIONS  # noqa: PLC0415
    from pulumi_rdsclone.presentation.internal_errors import describe_internal_error  # noqa: PLC0415

    try:
        return _made(result, _answer(FUNCTIONS[name], _plain(arguments)))
    except FunctionError:
        raise
    except CloneError as error:
        text = str(error)
    except Exception as error:  # noqa: BLE001 - any error ends in a message
        text = describe_internal_error(error)
    raise FunctionError(text)


def ask_output(
    name: str, result: type[R], *, arguments: Properties
) -> pulumi.Output[R]:
    """
    Return what *ask* does, once all of *arguments* are known.
    """

    def answer(known: Properties) -> pulumi.Output[R]:
        # In a thread: the program goes on meanwhile.
        return pulumi.Output.from_input(asyncio.to_thread(ask, name, result, known))

    return pulumi.Output.from_input(dict(arguments)).apply(answer)


def _answer(function: "Function[Any]", arguments: Properties) -> Properties:
    if isinstance(get_monitor(), MockMonitor):
        return _mocked(function, arguments)

    from pulumi_rdsclone.cloud.settings import Settings  # noqa: PLC0415
    from pulumi_rdsclone.presentation.configuration import configured_settings  # noqa: PLC0415

    configured = configured_settings(pulumi.Config("rdsclone").get)
    return function.answer(arguments, _regions(Settings.of(configured, os.environ)))


def _mocked(function: "Function[Any]", arguments: Properties) -> Properties:
    """
    Return the answer of a unit test's mocks.

    Raises:
        FunctionError: The answer lacks a required value.
    """
    from pulumi_rdsclone.domain.model import fields_of  # noqa: PLC0415
    from pulumi_rdsclone.domain.type_tokens import token_of  # noqa: PLC0415
    from pulumi_rdsclone.presentation.properties import (  # noqa: PLC0415
        from_properties,
        to_properties,
    )
    from pulumi_rdsclone.presentation.spelling import to_camel  # noqa: PLC0415

    token = token_of(function.name)
    asked = to_properties(arguments, dict, parts=(function.arguments,))
    answer = pulumi.runtime.invoke(token, asked).value
    values = from_properties(answer, lambda _: False, parts=(function.result,))
    required = (field.name for field in fields_of(function.result) if field.required)
    if missing := [to_camel(name) for name in required if name not in values]:
        message = (
            f"the mock of {token} leaves out {', '.join(missing)} — add what is missing"
        )
        raise FunctionError(message)
    return values


@cache
def _regions(settings: "Settings") -> "CloudRegions":
    """
    Return the regions of *settings*; all calls of a program share their caches.
    """
    from pulumi_rdsclone.cloud.regions import CloudRegions  # noqa: PLC0415

    return CloudRegions(settings)


def _made(result: type[R], tree: Properties) -> R:
    from pydantic import TypeAdapter  # noqa: PLC0415

    return TypeAdapter(result).validate_python(tree)


def _plain(value: PropertyValue) -> PropertyValue:
    """
    Return *value* as a tree of plain values, without None.

    Raises:
        FunctionError: A value is an output.
    """
    if isinstance(value, pulumi.Output):
        message = (
            "an argument is an Output, which is not known yet — call the function "
            "whose name ends in _output"
        )
        raise FunctionError(message)
    if isinstance(value, Mapping):
        return {key: _plain(v) for key, v in value.items() if v is not None}
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    return value
