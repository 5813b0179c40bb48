"""
Which databases and tables the clone gets.
"""

import re

from rds_emulator.cloning.case import Case
from rds_emulator.cloning.payloads import Part
from rds_emulator.errors import ApiError

_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_-]{0,63}")
_ENGINES = ("MySQL", "PostgreSQL")


def databases_exist(case: Case) -> None:
    """
    Demand that the databases of DbNames are the source's.
    """
    if set(case.order.databases) - case.source.databases.keys():
        raise ApiError(code="InvalidBackupSet")


def engine_restores_parts(case: Case) -> None:
    """
    Refuse TableMeta but for MySQL, and for PostgreSQL as far as databases go.
    """
    if not case.order.parts:
        return
    if case.source.engine not in _ENGINES:
        raise ApiError(code="IncorrectDBInstanceEngine")
    if case.source.engine == "PostgreSQL" and any(
        part.parts for part in case.order.parts
    ):
        raise ApiError(code="InvalidTableMeta.Malformed")


def parts_exist(case: Case) -> None:
    """
    Demand that the databases and tables of TableMeta are the source's.
    """
    for database in case.order.parts:
        tables = case.source.databases.get(database.name)
        if tables is None or {one.name for one in database.parts} - set(tables):
            raise ApiError(code="InvalidBackupSet")


def new_names_are_well_formed(case: Case) -> None:
    """
    Demand new names of letters, digits, "_" and "-", up to 64, a letter first.
    """
    for database in case.order.parts:
        for one in (database, *database.parts):
            if one.new_name != one.name and not _NAME.fullmatch(one.new_name):
                raise ApiError(code="InvalidTableMeta.Malformed")


def new_names_differ(case: Case) -> None:
    """
    Demand that no two databases, and no two tables of one, get the same name.
    """
    for siblings in (case.order.parts, *(one.parts for one in case.order.parts)):
        if _has_twins(siblings):
            raise ApiError(code="InvalidDBName.Duplicate")


def _has_twins(siblings: tuple[Part, ...]) -> bool:
    return len({one.new_name for one in siblings}) < len(siblings)
