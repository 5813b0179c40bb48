"""
How kind the emulated cloud is: each habit of the real one is a trait, listed once.

With the temper ``ideal`` everything is seen at once; with ``real`` the emulator does
what public evidence says of the cloud. `table` writes the traits for the reader.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, fields
from typing import Any

from rds_emulator import document
from rds_emulator.document import DocumentError

Order = str | Mapping[str, object]
"""The name of a temper, or an object of traits with, where needed, a ``base``."""

_HEAD = "| Trait | Meaning | `ideal` | `real` | Evidence |\n|---|---|---|---|---|"
_TRAIT = "trait"


@dataclass(frozen=True, kw_only=True)
class Trait:
    """
    What is to be known of a trait besides its type and its value in ``ideal``.

    *choices* are the texts that it may have; none means any.
    """

    real: object
    meaning: str
    evidence: str
    choices: Collection[str] = ()


def _trait(
    ideal: object, real: object, meaning: str, evidence: str, *choices: str
) -> Any:
    trait = Trait(real=real, meaning=meaning, evidence=evidence, choices=choices)
    return field(default=ideal, metadata={_TRAIT: trait})


@dataclass(frozen=True, kw_only=True)
class Temper:
    """
    The traits; all seconds are emulated. The defaults are those of ``ideal``.
    """

    list_lag_seconds: float = _trait(
        0.0,
        5.0,
        "How long lists do not show a new instance",
        "Inferred; neither documented nor measured.",
    )
    tag_lag_seconds: float = _trait(
        0.0,
        20.0,
        "How long lists show the tags from before a change, and none of a new"
        " instance, in answers as in filters",
        "Inferred; neither documented nor measured.",
    )
    change_lag_seconds: float = _trait(
        0.0,
        2.0,
        "How long a status does not show that a slow change has begun",
        "Terraform's provider waits before it first looks at the status of a change;"
        " how long it takes is inferred.",
    )


TRAITS: Mapping[str, Trait] = {one.name: one.metadata[_TRAIT] for one in fields(Temper)}
"""All traits, by name."""

TEMPERS: Mapping[str, Temper] = {
    "ideal": Temper(),
    "real": Temper(**{name: trait.real for name, trait in TRAITS.items()}),  # type: ignore[arg-type]
}
"""The tempers that have a name."""


def read(order: object, *, before: Temper, at: str = "") -> Temper:
    """
    Make the temper that is asked for.

    Args:
        order: a name; or an object of traits, which has *before* or what it names as
            ``base`` in the traits that it leaves out.
        before: the temper until now.
        at: where *order* stands, for messages.

    Raises:
        DocumentError: when there is no such temper, trait or value.
    """
    prefix = f"{at}." if at else ""
    if isinstance(order, str):
        return _named(order, at=at or "temper")
    given = dict(document.read(Mapping[str, object], order, at=at))  # type: ignore[type-abstract]
    if "base" in given:
        before = _named(given.pop("base"), at=f"{prefix}base")
    temper = document.read(Temper, {**vars(before), **given}, at=at)
    for name, value in vars(temper).items():
        _check(value, TRAITS[name].choices, at=prefix + name)
    return temper


def table() -> str:
    """
    Write one row of Markdown for each trait.
    """
    ideal, real = (vars(TEMPERS[name]) for name in ("ideal", "real"))
    rows = (
        f"| `{name}` | {trait.meaning}{_choices(trait)} | {_shown(ideal[name])}"
        f" | {_shown(real[name])} | {trait.evidence} |"
        for name, trait in TRAITS.items()
    )
    return "\n".join((_HEAD, *rows))


def _named(name: object, *, at: str) -> Temper:
    if not isinstance(name, str) or name not in TEMPERS:
        message = f"{at}: must be one of {', '.join(TEMPERS)}, not {name!r}"
        raise DocumentError(message)
    return TEMPERS[name]


def _check(value: object, choices: Collection[str], *, at: str) -> None:
    if isinstance(value, float) and value < 0:
        message = f"{at}: must be 0 or more, not {value:g}"
        raise DocumentError(message)
    if choices and value not in choices:
        message = f"{at}: must be one of {', '.join(choices)}, not {value!r}"
        raise DocumentError(message)


def _choices(trait: Trait) -> str:
    words = ", ".join(f"`{one}`" for one in trait.choices)
    return f": {words}" if words else ""


def _shown(value: object) -> str:
    if isinstance(value, float):
        return f"{value:g}"
    if isinstance(value, tuple):
        return ", ".join(f"`{one}`" for one in value) or "none"
    return f"`{value}`"
