"""
The reference page: inputs, outputs, groups and settings, in tables.
"""

from collections.abc import Iterator
from dataclasses import fields
from datetime import timedelta

from pulumi_rdsclone.adapters.schema import described
from pulumi_rdsclone.cloud.settings import Settings
from pulumi_rdsclone.domain.model import Field, FieldGroup, fields_of, groups_of
from pulumi_rdsclone.domain.outputs import CloneOutputs
from pulumi_rdsclone.domain.spec import CloneSpec
from pulumi_rdsclone.domain.times import format_duration
from pulumi_rdsclone.presentation.spelling import spell, to_camel

_INPUTS = (
    "| Name | Type | Default | A later change | Description |\n|---|---|---|---|---|"
)
_OUTPUTS = "| Name | Type | Description |\n|---|---|---|"
_SETTINGS = "| Name | Environment | Secret | Description |\n|---|---|---|---|"
_KINDS = {
    str: "string",
    int: "integer",
    float: "number",
    bool: "boolean",
    list: "list of strings",
    dict: "map of strings",
}
_COLLECTIONS: dict[type, str] = {list: "list of ", dict: "map of "}


def reference() -> str:
    """
    Return the sections of docs/reference.md.
    """
    return "\n\n".join(
        [
            f"## Inputs\n\n{_inputs(CloneSpec)}",
            *(_group(part, _inputs(part)) for part in _groups(CloneSpec)),
            "## Outputs\n\nAll inputs, with the effective values, and:\n\n"
            + _outputs(CloneOutputs),
            *(_group(part, _outputs(part)) for part in _groups(CloneOutputs)),
            f"## Configuration\n\n{_settings()}",
        ]
    )


def default_of(field: Field) -> str:
    """
    Return the static default of *field* for a cell; empty where there is none.
    """
    match field.default:
        case None | {} | FieldGroup():
            return ""
        case timedelta():
            return f"`{format_duration(field.default)}`"
        case bool():
            return f"`{str(field.default).lower()}`"
        case _:
            return f"`{field.default}`"


def kind_of(field: Field, page: str = "") -> str:
    """
    Return the type of *field* for a cell; groups are linked on the reference *page*.
    """
    if field.group:
        name = field.group.__name__
        link = f"[{name}]({page}#{name.lower()})"
        return f"{_COLLECTIONS[field.kind]}{link}" if field.item else link
    kind = _KINDS.get(field.kind, "string")
    return kind.replace("strings", "lists") if field.item_kind is list else kind


def _groups(part: type[FieldGroup]) -> Iterator[type[FieldGroup]]:
    yield from dict.fromkeys(group for _, group in groups_of(part))


def _group(part: type[FieldGroup], table: str) -> str:
    return f"### {part.__name__}\n\n{spell((part.__doc__ or '').strip())}\n\n{table}"


def _inputs(part: type[FieldGroup]) -> str:
    rows = (
        f"| `{to_camel(f.name)}` | {kind_of(f)} "
        f"| {'required' if f.required else default_of(f)} "
        f"| {f.change} | {described(f)} |"
        for f in fields_of(part)
    )
    return "\n".join([_INPUTS, *rows])


def _outputs(part: type[FieldGroup]) -> str:
    rows = (
        f"| `{to_camel(f.name)}` | {kind_of(f)} | {described(f)} |"
        for f in fields_of(part)
    )
    return "\n".join([_OUTPUTS, *rows])


def _settings() -> str:
    rows = (
        f"| `rdsclone:{to_camel(f.name)}` "
        f"| {', '.join(f'`{name}`' for name in f.metadata['variables'])} "
        f"| {'yes' if f.metadata['secret'] else ''} | {f.metadata['doc']} |"
        for f in fields(Settings)
    )
    return "\n".join([_SETTINGS, *rows])
