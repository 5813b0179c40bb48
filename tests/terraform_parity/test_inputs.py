"""
Every input of the existing provider is one of ours, or left out for a reason.

Source: the schema of alicloud_rds_clone_db_instance at 81c43b67, 2026-08-21.
"""

from pathlib import Path
from typing import Final

import pytest

from properties import PEER_NAMES, camel_path, policy_of
from pulumi_rdsclone.domain.model import Change, Effect, ExceptWhen, Field, leaves_of
from pulumi_rdsclone.domain.spec import CloneSpec

PAGE: Final = Path(__file__).resolve().parents[2] / "docs/properties.md"

_PEER: Final = """
source_db_instance_id backup_id restore_time backup_type restore_table table_meta
db_names

payment_type period used_time db_instance_storage_type db_instance_storage
db_instance_class category engine engine_version dedicated_host_group_id
serverless_config resource_group_id direction effective_time switch_time source_biz
tags

instance_network_type vpc_id vswitch_id private_ip_address zone_id zone_id_slave_a
zone_id_slave_b connection_string_prefix port security_ips

db_instance_description deletion_protection maintain_time
auto_upgrade_minor_version sync_mode ha_mode tcp_connection_type parameters
force_restart pg_hba_conf released_keep_policy

ssl_enabled acl replication_acl ca_type server_cert server_key client_ca_cert
client_cert_revocation_list client_ca_enabled client_crl_enabled encryption_key
tde_status certificate db_name password private_key role_arn
"""
PEER_INPUTS: Final = frozenset(_PEER.split())

OMITTED: Final = {
    "backup_type": "the backup set that is restored has a type, nobody chooses it",
    "engine": "a clone has its source's",
    "engine_version": "a clone has its source's",
    "direction": "it follows from what is changed",
    "effective_time": "a change is made when it is asked for, and waited for",
    "switch_time": "a change is made when it is asked for, and waited for",
    "source_biz": "the API has given it up",
    "certificate": "of TDE of SQL Server, which is switched database by database",
    "db_name": "of TDE of SQL Server, which is switched database by database",
    "password": "of TDE of SQL Server, which is switched database by database",
    "private_key": "of TDE of SQL Server, which is switched database by database",
}
"""What Terraform has and this provider does not, and why."""


def rows() -> dict[str, list[str]]:
    """
    Return the cells of each row of docs/properties.md by the first one.
    """
    _, _, rest = PAGE.read_text("utf-8").partition("<!-- begin properties -->\n")
    table, _, _ = rest.partition("\n<!-- end properties -->")
    lines = [line.strip("|").split("|") for line in table.splitlines()[2:]]
    cells = [[cell.strip() for cell in line] for line in lines]
    return {one[0].strip("`"): one[1:] for one in cells}


def test_all_inputs_of_terraform_are_listed() -> None:
    assert 62 == len(PEER_INPUTS)


def test_every_input_of_terraform_is_here_or_left_out() -> None:
    named = {name.split(".")[0] for names in PEER_NAMES.values() for name in names}

    assert set() == named & OMITTED.keys()
    assert PEER_INPUTS == named | OMITTED.keys()


def test_names_of_terraform_stand_for_inputs() -> None:
    assert PEER_NAMES.keys() <= {leaf.path for leaf in leaves_of(CloneSpec)}


def test_page_has_a_row_for_each_input_in_their_order() -> None:
    assert [camel_path(leaf.path) for leaf in leaves_of(CloneSpec)] == list(rows())


@pytest.mark.parametrize("leaf", leaves_of(CloneSpec), ids=lambda leaf: leaf.path)
def test_row_tells_type_policy_and_where_the_value_goes(leaf: Field) -> None:
    kind, _, policy, ordered, later, peer = rows()[camel_path(leaf.path)]

    assert kind
    assert policy_of(leaf) == policy
    assert ordered or later
    assert ", ".join(f"`{n}`" for n in PEER_NAMES.get(leaf.path, ())) == peer


@pytest.mark.parametrize(
    ("field", "policy"),
    [
        pytest.param({"change": Change.UPDATE}, "in place", id="in place"),
        pytest.param(
            {"change": Change.UPDATE, "effect": Effect.RESTART},
            "in place with an interruption",
            id="an interruption",
        ),
        pytest.param(
            {"change": Change.UPDATE, "effect": Effect.MOVE},
            "in place at another address",
            id="another address",
        ),
        pytest.param({"change": Change.REPLACE}, "new clone", id="a new clone"),
        pytest.param({"change": Change.CREATE_ONLY}, "counts while being made", id="at birth"),
        pytest.param(
            {
                "change": Change.UPDATE,
                "except_when": ExceptWhen(lambda *_: True, Change.REPLACE, "disks differ"),
            },
            "in place, or new clone: disks differ",
            id="some take a new clone",
        ),
        pytest.param(
            {
                "change": Change.UPDATE,
                "except_when": ExceptWhen(lambda *_: True, Change.CREATE_ONLY, "it only grows"),
            },
            "in place, or not at all: it only grows",
            id="some are not done",
        ),
    ],
)
def test_policy_is_told_in_words(field: dict[str, object], policy: str) -> None:
    made = Field(path="x", doc="", kind=str, **field)  # type: ignore[arg-type]

    assert policy == policy_of(made)
