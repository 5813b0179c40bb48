"""
A refusal of the API, as an exception.
"""

from rds_emulator.protocol.codes import CODES


class ApiError(Exception):
    """
    A refusal, as the API answers it.

    Args:
        code: A key of `CODES`.
        words: Fill the gaps of that code's text.
    """

    def __init__(self, *, code: str, **words: str) -> None:
        self.code = code
        self.status, text = CODES[code]
        self.message = text.format(**words)
        super().__init__(f"{code}: {self.message}")


def missing(*, name: str) -> ApiError:
    """
    Refuse a request that lacks the mandatory parameter *name*.
    """
    return ApiError(code="MissingParameter", name=name)


def invalid(*, name: str) -> ApiError:
    """
    Refuse a request whose parameter *name* cannot be read.
    """
    return ApiError(code="InvalidParameter", name=name)
