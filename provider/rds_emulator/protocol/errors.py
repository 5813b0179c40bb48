"""
A refusal of the API, as an exception.
"""

from collections.abc import Mapping

from rds_emulator.protocol.codes import CODES

Codes = Mapping[str, tuple[int, str]]


class ApiError(Exception):
    """
    A refusal, as the API answers it.

    Args:
        code: A key of *table*.
        table: Texts of a product that are not those of RDS.
        words: Fill the gaps of that code's text.
    """

    def __init__(self, *, code: str, table: Codes = CODES, **words: str) -> None:
        self.code = code
        self.status, text = table[code]
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
