"""
What the Pulumi Kubernetes Operator takes, as far as our objects use it.
"""

from pathlib import Path
from typing import Any, Final

import yaml
from jsonschema import Draft202012Validator

TEXT: Final = {"type": "string"}
TEXTS: Final = {"type": "object", "additionalProperties": TEXT}


def closed(required: str = "", **properties: Any) -> dict[str, Any]:
    """
    Return the schema of an object that has no other properties than these.
    """
    return {
        "type": "object",
        "properties": properties,
        "required": required.split(),
        "additionalProperties": False,
    }


def kind(version: str, name: str, **properties: Any) -> dict[str, Any]:
    return closed(
        "apiVersion kind metadata",
        apiVersion={"const": version},
        kind={"const": name},
        metadata=closed("name", name=TEXT),
        **properties,
    )


OBJECTS: Final[dict[str, Any]] = {
    "Stack": kind(
        "pulumi.com/v1",
        "Stack",
        spec=closed(
            "stack",
            serviceAccountName=TEXT,
            programRef=closed("name", name=TEXT),
            stack=TEXT,
            config=TEXTS,
            refresh={"type": "boolean"},
            continueResyncOnCommitMatch={"type": "boolean"},
            resyncFrequencySeconds={"type": "integer", "minimum": 60},
            retryMaxBackoffDurationSeconds={"type": "integer"},
            destroyOnFinalize={"type": "boolean"},
            envRefs={
                "type": "object",
                "additionalProperties": closed(
                    "type secret",
                    type={"const": "Secret"},
                    secret=closed("name key", name=TEXT, key=TEXT),
                ),
            },
            workspaceTemplate=closed(
                "spec",
                spec=closed(
                    image=TEXT,
                    securityProfile={"enum": ["baseline", "restricted"]},
                    resources=closed(requests=TEXTS, limits=TEXTS),
                ),
            ),
        ),
    ),
    "Program": kind(
        "pulumi.com/v1",
        "Program",
        program=closed(
            configuration={
                "type": "object",
                "additionalProperties": closed(
                    type={"enum": ["String", "Number", "List<Number>", "List<String>"]}
                ),
            },
            variables={"type": "object"},
            resources={
                "type": "object",
                "additionalProperties": closed(
                    "type", type=TEXT, properties={"type": "object"}, options=closed(version=TEXT)
                ),
            },
            outputs={"type": "object"},
        ),
    ),
}
"""
What our objects use of the CustomResourceDefinitions stacks.pulumi.com and
programs.pulumi.com, version v1; the workspace's fields are also those of
workspaces.auto.pulumi.com, version v1alpha1. Source: the folder deploy/crds of the
operator's release 2.9.0.
"""


def objections(told: Any, schema: Any) -> list[str]:
    """
    Return what *schema* has against an object; nothing if it is valid.
    """
    found = Draft202012Validator(schema).iter_errors(told)
    return [f"{error.json_path}: {error.message[:200]}" for error in found]


def definition(folder: Path, told: Any) -> Any:
    """
    Return the schema of the object *told* from the CRD files in *folder*.
    """
    (found,) = [
        version["schema"]["openAPIV3Schema"]
        for path in folder.glob("*.yaml")
        for crd in [yaml.safe_load(path.read_text("utf-8"))]
        for version in crd["spec"]["versions"]
        if crd["spec"]["names"]["kind"] == told["kind"]
        and told["apiVersion"] == f"{crd['spec']['group']}/{version['name']}"
    ]
    return refusing_others(found)


def refusing_others(definition: Any) -> Any:
    """
    Return *definition* so that what it does not name is refused, as the cluster does.
    """
    if isinstance(definition, list):
        return [refusing_others(part) for part in definition]
    if not isinstance(definition, dict):
        return definition
    parts = {name: refusing_others(part) for name, part in definition.items()}
    is_open = "x-kubernetes-preserve-unknown-fields" in parts
    if isinstance(parts.get("properties"), dict) and not is_open:
        parts.setdefault("additionalProperties", False)
    return parts
