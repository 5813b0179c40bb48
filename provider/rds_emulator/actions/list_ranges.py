"""
What several lists have in common: a range of minutes, and pages of 30 to 100.
"""

from datetime import datetime
from typing import Final

from rds_emulator.protocol import timestamps
from rds_emulator.protocol.errors import ApiError, missing
from rds_emulator.protocol.parameters import Parameters

_LEAST_PAGE_SIZE: Final = 30
_MAX_PAGE_SIZE: Final = 100


def page(parameters: Parameters) -> tuple[int, int]:
    """
    Return the number and the size of the wanted page.
    """
    number = parameters.integer(
        "PageNumber", default=1, refusal="InvalidPageNumbers.Malformed"
    )
    size = parameters.integer(
        "PageSize",
        default=_LEAST_PAGE_SIZE,
        least=_LEAST_PAGE_SIZE,
        most=_MAX_PAGE_SIZE,
        refusal="InvalidMaxRecordsPerPage.Malformed",
    )
    return number, size


def minutes(parameters: Parameters) -> tuple[datetime | None, datetime | None]:
    """
    Return StartTime and EndTime, either of which may be missing.
    """
    begin = _minute(parameters, "StartTime", refusal="InvalidStartTime.Format")
    end = _minute(parameters, "EndTime", refusal="InvalidEndTime.Format")
    if begin and end and end <= begin:
        raise ApiError(
            code="InvalidParameterCombination", names="StartTime and EndTime"
        )
    return begin, end


def required_minutes(parameters: Parameters) -> tuple[datetime, datetime]:
    """
    Return StartTime and EndTime, both of which must be given.
    """
    begin, end = minutes(parameters)
    if begin is None:
        raise missing(name="StartTime")
    if end is None:
        raise missing(name="EndTime")
    return begin, end


def _minute(parameters: Parameters, name: str, *, refusal: str) -> datetime | None:
    text = parameters.text(name)
    if text is None:
        return None
    minute = timestamps.from_minutes(text)
    if minute is None:
        raise ApiError(code=refusal)
    return minute
