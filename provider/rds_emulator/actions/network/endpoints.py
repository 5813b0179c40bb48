"""
Changes of endpoints: another name or port, a public one more or less.
"""

from dataclasses import replace
from typing import Final

from rds_emulator.actions.registry import Answer, Invocation, action
from rds_emulator.protocol.errors import ApiError
from rds_emulator.rules import endpoints, preconditions
from rds_emulator.state import ids
from rds_emulator.state.model import Instance, PublicEndpoint

_NOT_MODELLED: Final = (
    "BabelfishPort",
    "GeneralGroupName",
    "PGBouncerPort",
    "RetainVip",
    "TargetDBInstanceId",
)


@action(
    "ModifyDBInstanceConnectionString",
    writes=True,
    models=(
        "Prefix and port of the internal or the public endpoint, in a slow change"
        " (DBInstanceNetTypeChanging). Prefixes of 5 to 40 letters, digits and hyphens,"
        " the first one a letter; ports 1000 to 5999, for MySQL up to 65534. No prefix"
        " is there twice in the account; an endpoint keeps its own."
        f" {', '.join(_NOT_MODELLED)} are answered with 501."
    ),
    evidence=(
        "Parameters of SDK 16.0.2, error table of the official page. SDK 16 has 8 to 64"
        " characters where AllocateInstancePublicConnection has 5 to 40. Inferred: the"
        " ports, which are those of the public endpoint and of CreateDBInstance; that a"
        " prefix counts in any case, for all engines and for changes under way; that"
        " the old name is good until the change ends."
    ),
)
def modify_connection_string(invocation: Invocation) -> Answer:
    """
    Begin to give an endpoint another name or port.
    """
    preconditions.refuse_unmodelled(invocation.parameters, _NOT_MODELLED)
    current = invocation.parameters.required("CurrentConnectionString")
    prefix = _prefix(invocation, refusal="InvalidConnectionString.Malformed")
    invocation.parameters.required("Port")
    instance = invocation.instance()
    port = _port(invocation, instance, refusal="InvalidPort.Format")
    if current not in endpoints.host_names(instance):
        raise ApiError(code="InvalidConnectionString.NotFound")
    endpoints.check_free(prefix, invocation.cloud.instances(), but=current)
    preconditions.check_unlocked(instance)
    invocation.cloud.begin_change(
        instance,
        "DBInstanceNetTypeChanging",
        fields=_renamed(instance, current, prefix=prefix, port=port),
    )
    return {}


@action(
    "AllocateInstancePublicConnection",
    writes=True,
    models=(
        "A public endpoint with a made-up address, in a slow change (NET_CREATING); one"
        " for each instance. Prefixes and ports are those of"
        " ModifyDBInstanceConnectionString; BabelfishPort, GeneralGroupName and"
        " PGBouncerPort are answered with 501."
    ),
    evidence=(
        "Parameters of SDK 16.0.2, error table of the official page. Inferred:"
        " NetTypeExists for a second one, which is of the old client error table; 403"
        " OperationDenied.DBInstanceStatus for an instance that is not Running, where"
        " the page has IncorrectDBInstanceState."
    ),
)
def allocate_public_connection(invocation: Invocation) -> Answer:
    """
    Begin to give an instance a public endpoint.
    """
    preconditions.refuse_unmodelled(invocation.parameters, _NOT_MODELLED)
    prefix = _prefix(invocation, refusal="InvalidConnectionString.Format")
    invocation.parameters.required("Port")
    instance = invocation.instance()
    port = _port(invocation, instance, refusal="InvalidPort.Malformed")
    if instance.public_endpoint is not None:
        raise ApiError(code="NetTypeExists")
    endpoints.check_free(prefix, invocation.cloud.instances())
    preconditions.check_unlocked(instance)
    endpoint = PublicEndpoint(
        connection_string=ids.connection_string(prefix, instance.engine),
        port=port,
        address=ids.public_address(),
    )
    invocation.cloud.begin_change(
        instance, "NET_CREATING", fields={"public_endpoint": endpoint}
    )
    return {
        "DbInstanceName": instance.id,
        "ConnectionString": endpoint.connection_string,
    }


@action(
    "ReleaseInstancePublicConnection",
    writes=True,
    models=(
        "The public endpoint, by its name, in a slow change (NET_DELETING). The"
        " internal one cannot be released."
    ),
    evidence=(
        "Parameters of SDK 16.0.2; no error table was found."
        " InvalidCurrentConnectionString.NotFound is of the old client error table and"
        " met by Terraform's provider; that it stands for the internal endpoint as well"
        " is inferred."
    ),
)
def release_public_connection(invocation: Invocation) -> Answer:
    """
    Begin to take the public endpoint from an instance.
    """
    current = invocation.parameters.required("CurrentConnectionString")
    instance = invocation.instance()
    public = instance.public_endpoint
    if public is None or public.connection_string != current:
        raise ApiError(code="InvalidCurrentConnectionString.NotFound")
    preconditions.check_unlocked(instance)
    invocation.cloud.begin_change(
        instance, "NET_DELETING", fields={"public_endpoint": None}
    )
    return {}


def _prefix(invocation: Invocation, *, refusal: str) -> str:
    prefix = invocation.parameters.required("ConnectionStringPrefix")
    endpoints.check_prefix(prefix, refusal=refusal)
    return prefix


def _port(invocation: Invocation, instance: Instance, *, refusal: str) -> int:
    least, most = endpoints.ports(instance.engine)
    return invocation.parameters.integer(
        "Port", default=0, least=least, most=most, refusal=refusal
    )


def _renamed(
    instance: Instance, current: str, *, prefix: str, port: int
) -> dict[str, object]:
    name = ids.connection_string(prefix, instance.engine)
    public = instance.public_endpoint
    if public is None or current != public.connection_string:
        return {"connection_string": name, "port": port}
    return {"public_endpoint": replace(public, connection_string=name, port=port)}
