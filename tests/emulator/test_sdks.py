import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from alibabacloud_rds20140815 import models  # type: ignore[import-untyped]
from alibabacloud_rds20140815.client import Client as NewClient  # type: ignore[import-untyped]
from alibabacloud_tea_openapi.models import Config  # type: ignore[import-untyped]
from aliyunsdkcore.acs_exception.exceptions import ServerException
from aliyunsdkcore.client import AcsClient
from aliyunsdkrds.request.v20140815 import (
    CloneDBInstanceRequest,
    DeleteDBInstanceRequest,
    DescribeBackupsRequest,
    DescribeDBInstanceAttributeRequest,
    DescribeDBInstancesRequest,
    TagResourcesRequest,
)
from darabonba.exceptions import DaraException  # type: ignore[import-untyped]

from rds_emulator import Emulator
from tests.emulator.wire import SOURCE

Caller = Callable[[Any], Any]


@pytest.fixture
def old(emulator: Emulator) -> Caller:
    host, port = emulator.endpoint.split(":")
    client = AcsClient(
        emulator.access_key_id, emulator.access_key_secret, emulator.region, port=int(port)
    )

    def call(request: Any) -> Any:
        request.set_endpoint(host)
        return json.loads(client.do_action_with_exception(request))

    return call


@pytest.fixture(params=["ACS3-HMAC-SHA256", "v2"])
def new(emulator: Emulator, request: pytest.FixtureRequest) -> NewClient:
    """
    Return the new SDK's client, with each of its signatures.
    """
    return NewClient(
        Config(
            access_key_id=emulator.access_key_id,
            access_key_secret=emulator.access_key_secret,
            endpoint=emulator.endpoint,
            protocol="http",
            signature_algorithm=request.param,
        )
    )


def test_old_sdk_reads_clones_tags_and_releases(emulator: Emulator, old: Caller) -> None:
    attribute = DescribeDBInstanceAttributeRequest.DescribeDBInstanceAttributeRequest()
    attribute.set_DBInstanceId(SOURCE)
    backups = DescribeBackupsRequest.DescribeBackupsRequest()
    backups.set_DBInstanceId(SOURCE)
    backups.set_BackupStatus("Success")
    newest = old(backups)["Items"]["Backup"][-1]["BackupId"]
    order = CloneDBInstanceRequest.CloneDBInstanceRequest()
    order.set_DBInstanceId(SOURCE)
    order.set_PayType("Postpaid")
    order.set_BackupId(newest)
    order.set_DBInstanceDescription("staging-克隆")
    clone_id = old(order)["DBInstanceId"]
    tag = TagResourcesRequest.TagResourcesRequest()
    tag.set_ResourceType("INSTANCE")
    tag.set_ResourceIds([clone_id])
    tag.set_Tags([{"Key": "a b", "Value": "*~+"}])
    old(tag)
    listing = DescribeDBInstancesRequest.DescribeDBInstancesRequest()
    listing.set_Tags('{"a b": "*~+"}')
    listed = old(listing)["Items"]["DBInstance"]
    emulator.clock.advance(120)
    release = DeleteDBInstanceRequest.DeleteDBInstanceRequest()
    release.set_DBInstanceId(clone_id)
    old(release)

    assert SOURCE == old(attribute)["Items"]["DBInstanceAttribute"][0]["DBInstanceId"]
    assert [(clone_id, "staging-克隆")] == [
        (instance["DBInstanceId"], instance["DBInstanceDescription"]) for instance in listed
    ]
    assert "Deleting" == emulator.instance(clone_id).status


def test_new_sdk_reads_clones_and_releases(emulator: Emulator, new: NewClient) -> None:
    attribute = new.describe_dbinstance_attribute(
        models.DescribeDBInstanceAttributeRequest(dbinstance_id=SOURCE)
    ).body.items.dbinstance_attribute[0]
    window = new.describe_local_available_recovery_time(
        models.DescribeLocalAvailableRecoveryTimeRequest(dbinstance_id=SOURCE)
    ).body
    policy = new.describe_backup_policy(
        models.DescribeBackupPolicyRequest(dbinstance_id=SOURCE)
    ).body
    clone_id = new.clone_dbinstance(
        models.CloneDBInstanceRequest(
            dbinstance_id=SOURCE,
            pay_type="Serverless",
            restore_time=window.recovery_end_time,
            serverless_config=models.CloneDBInstanceRequestServerlessConfig(
                min_capacity=0.5, max_capacity=8, auto_pause=True, switch_force=False
            ),
            tag=[models.CloneDBInstanceRequestTag(key="a b*", value="é+/")],
        )
    ).body.dbinstance_id
    listed = new.describe_dbinstances(
        models.DescribeDBInstancesRequest(region_id="cn-hangzhou", tags='{"a b*":"é+/"}')
    ).body.items.dbinstance
    emulator.clock.advance(120)
    new.delete_dbinstance(models.DeleteDBInstanceRequest(dbinstance_id=clone_id))

    assert ("Running", 100) == (attribute.dbinstance_status, attribute.dbinstance_storage)
    assert ("1", "Enable") == (policy.enable_backup_log, policy.backup_log)
    assert [clone_id] == [instance.dbinstance_id for instance in listed]
    assert "Deleting" == emulator.instance(clone_id).status


def test_new_sdk_reads_market_and_tasks(emulator: Emulator, new: NewClient) -> None:
    minutes = "%Y-%m-%dT%H:%MZ"
    week = {
        "start_time": (emulator.clock.now() - timedelta(days=7)).strftime(minutes),
        "end_time": (emulator.clock.now() + timedelta(minutes=1)).strftime(minutes),
    }
    product = {"engine": "MySQL", "engine_version": "8.0"}
    zone = new.describe_available_zones(
        models.DescribeAvailableZonesRequest(region_id="cn-hangzhou", **product)
    ).body.available_zones[0]
    (version,) = zone.supported_engines[0].supported_engine_versions
    offer = new.describe_available_classes(
        models.DescribeAvailableClassesRequest(
            region_id="cn-hangzhou",
            zone_id=zone.zone_id,
            category="serverless_basic",
            dbinstance_storage_type="cloud_essd",
            **product,
        )
    ).body.dbinstance_classes[0]
    price = new.describe_price(
        models.DescribePriceRequest(
            commodity_code="rds_serverless_public_cn",
            dbinstance_class=offer.dbinstance_class,
            dbinstance_storage=offer.dbinstance_storage_range.min_value,
            quantity=1,
            serverless_config=models.DescribePriceRequestServerlessConfig(
                min_capacity=0.5, max_capacity=8
            ),
            **product,
        )
    ).body
    task = new.describe_tasks(
        models.DescribeTasksRequest(dbinstance_id="rm-demo-task-running")
    ).body.items.task_progress_info[0]
    migration = new.describe_migrate_tasks(
        models.DescribeMigrateTasksRequest(dbinstance_id="rm-demo-sqlserver-migration", **week)
    ).body.items.migrate_task[1]
    log = new.describe_log_backup_files(
        models.DescribeLogBackupFilesRequest(dbinstance_id="rm-demo-sqlserver2022", **week)
    ).body
    meta = new.describe_meta_list(
        models.DescribeMetaListRequest(
            dbinstance_id="rm-demo-mysql57-local", backup_set_id=1000000601, get_db_name="reporting"
        )
    ).body

    assert "cluster" in {category.category for category in version.supported_categorys}
    assert "mysql.n2.serverless.1c" == offer.dbinstance_class
    assert price.price_info.trade_price == price.serverless_price.total_original_min_amount
    assert ("Running", "40") == (task.status, task.progress)
    assert ("Running", "orders") == (migration.status, migration.dbname)
    assert 30 == log.page_record_count == len(log.items.bin_log_file)
    assert [("reporting", "daily")] == [(entry.database, entry.tables) for entry in meta.items.meta]


def test_old_sdk_recognises_a_wrong_secret(emulator: Emulator) -> None:
    """
    The old SDK compares the string to sign in the refusal with its own.
    """
    host, port = emulator.endpoint.split(":")
    client = AcsClient(emulator.access_key_id, "wrong", "cn-hangzhou", port=int(port))
    request = DescribeDBInstancesRequest.DescribeDBInstancesRequest()
    request.set_endpoint(host)

    with pytest.raises(ServerException) as caught:
        client.do_action_with_exception(request)

    assert "InvalidAccessKeySecret" == caught.value.get_error_code()


def test_new_sdk_understands_refusals(new: NewClient) -> None:
    request = models.DescribeDBInstanceAttributeRequest(dbinstance_id="rm-none")

    with pytest.raises(DaraException) as caught:
        new.describe_dbinstance_attribute(request)

    assert "InvalidDBInstanceId.NotFound" == caught.value.code
