"""
Which databases and tables the clone gets.
"""

import re
from typing import Final

from rds_emulator.protocol.errors import ApiError
from rds_emulator.rules.cloning.clone_request import CloneRequest
from rds_emulator.rules.cloning.payloads import Part

_NAME: Final = re.compile(r"[A-Za-z][A-Za-z0-9_-]{0,63}")
_ENGINES: Final = ("MySQL", "PostgreSQL")


def databases_exist(request: CloneRequest) -> None:
    """
    Demand that the databases of DbNames are the source's.
    """
    if set(request.order.databases) - request.source.databases.keys():
        raise ApiError(code="InvalidBackupSet")


def engine_restores_parts(request: CloneRequest) -> None:
    """
    Refuse TableMeta but for MySQL, and for PostgreSQL as far as databases go.
    """
    if not request.order.parts:
        return
    if request.source.engine not in _ENGINES:
        raise ApiError(code="IncorrectDBInstanceEngine")
    if request.source.engine == "PostgreSQL" and any(
        part.parts for part in request.order.parts
    ):
        raise ApiError(code="InvalidTableMeta.Malformed")


def parts_exist(request: CloneRequest) -> None:
    """
    Demand that the databases and tables of TableMeta are the source's.
    """
    for database in request.order.parts:
        tables = request.source.databases.get(database.name)
        if tables is None or {table.name for table in database.parts} - set(tables):
            raise ApiError(code="InvalidBackupSet")


def new_names_are_well_formed(request: CloneRequest) -> None:
    """
    Demand new names of letters, digits, "_" and "-", up to 64, a letter first.
    """
    for database in request.order.parts:
        for part in (database, *database.parts):
            if part.new_name != part.name and not _NAME.fullmatch(part.new_name):
                raise ApiError(code="InvalidTableMeta.Malformed")


def new_names_differ(request: CloneRequest) -> None:
    """
    Demand that no two databases, and no two tables of one, get the same name.
    """
    for siblings in (
        request.order.parts,
        *(part.parts for part in request.order.parts),
    ):
        if _has_twins(siblings):
            raise ApiError(code="InvalidDBName.Duplicate")


def _has_twins(siblings: tuple[Part, ...]) -> bool:
    return len({part.new_name for part in siblings}) < len(siblings)
