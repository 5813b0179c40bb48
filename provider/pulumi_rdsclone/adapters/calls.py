"""
What every call of the engine has: a guard around its handler, and a row.
"""

import functools
from collections.abc import Callable
from typing import ParamSpec, TypeVar

from pulumi_rdsclone.adapters.blunders import internal
from pulumi_rdsclone.adapters.properties import spell, to_properties
from pulumi_rdsclone.adapters.pulumi_server import (
    Call,
    current_call,
    end_process,
    make_unknown,
)
from pulumi_rdsclone.domain.errors import AbandonedError, CloneError, UnfinishedError

P = ParamSpec("P")
T = TypeVar("T")


def guarded(handler: Callable[P, T]) -> Callable[P, T]:
    """
    Let nothing but a clean message leave *handler*.

    A BaseException would hang the engine for ever, an Exception would show a
    traceback.
    """

    @functools.wraps(handler)
    def run(*args: P.args, **kwargs: P.kwargs) -> T:
        call = current_call()
        try:
            return handler(*args, **kwargs)
        except AbandonedError:
            end_process()
        except UnfinishedError as error:
            outputs = to_properties(error.outputs, make_unknown)
            raise call.keep(outputs["instanceId"], outputs, spell(str(error))) from None
        except CloneError as error:
            raise call.refuse(spell(str(error))) from None
        except BaseException as error:  # noqa: BLE001 - see above
            raise call.refuse(internal(error)) from None

    return run


class CallRow:
    """
    `lifecycle.ports.Row` of the resource that *call* is about.
    """

    def __init__(self, call: Call, note: str) -> None:
        self._call = call
        self._note = note

    @property
    def is_attended(self) -> bool:
        """
        See *Row.is_attended*.
        """
        return self._call.is_attended

    @property
    def is_cancelled(self) -> bool:
        """
        See *Row.is_cancelled*.
        """
        return self._call.is_cancelled

    def say(self, text: str) -> None:
        """
        See *Row.say*.
        """
        self._call.tell(f"{text}{self._note}")

    def after_answer(self, action: Callable[[], None]) -> None:
        """
        See *Row.after_answer*.
        """
        self._call.after_answer(action)

    def warn(self, text: str) -> None:
        """
        See *Row.warn*.
        """
        self._call.warn(text)
