from typing import Any

import pytest

from pulumi_rdsclone.adapters.engine import make_unknown
from pulumi_rdsclone.adapters.plugin.configuration import problems_of, replaces
from tests.support.rows import row

KEY = {"accessKeyId": "LTAI5tKey"}
REGOIN = "rdsclone:regoin is not a setting of this provider — did you mean region?"


@pytest.mark.parametrize(
    "configured",
    [
        row("nothing", {}),
        row("some", {"region": "cn-hangzhou", "endpoint": "localhost:80"}),
        row("a whole key", {**KEY, "accessKeySecret": "secret"}),
        row("Pulumi's own", {"version": "0.1.0", "pluginDownloadURL": "x"}),
        row("unknown", {"region": make_unknown()}),
        row("unknown secret", {**KEY, "accessKeySecret": make_unknown()}),
        row("too little is known", {**KEY, "region": make_unknown()}),
        row("none", {"region": None, **KEY, "accessKeySecret": "s"}),
    ],
)
def test_arguments_that_may_be_meant_pass(configured: dict[str, Any]) -> None:
    assert [] == problems_of(configured)


@pytest.mark.parametrize(
    ("configured", "problem"),
    [
        row("misspelt", {"regoin": "cn-hangzhou"}, REGOIN),
        row("misspelt and unknown", {"regoin": make_unknown()}, REGOIN),
        row(
            "in snake_case",
            {"access_key_id": "LTAI5tKey"},
            "rdsclone:access_key_id is not a setting of this provider — did you mean accessKeyId?",
        ),
        row(
            "like no other",
            {"zzz": "1"},
            "rdsclone:zzz is not a setting of this provider — use one of region, "
            "endpoint, vpcEndpoint, accessKeyId, accessKeySecret, securityToken, "
            "profile, identity, skipChecks, checkTimeout, maxPricePerHour, site, "
            "instanceQuota",
        ),
        row(
            "half a key",
            KEY,
            "rdsclone:accessKeyId and rdsclone:accessKeySecret belong together — set "
            "both or neither",
        ),
        row(
            "no host",
            {"endpoint": "http://"},
            "the endpoint 'http://' is not a host with an optional port — write it "
            "like rds.aliyuncs.com or http://127.0.0.1:8080",
        ),
    ],
)
def test_wrong_argument_is_one_sentence_with_a_remedy(
    configured: dict[str, Any], problem: str
) -> None:
    assert [problem] == problems_of(configured)


def test_everything_wrong_is_told_at_once_and_no_secret() -> None:
    told = problems_of({"b": "1", "a": "2", "accessKeySecret": "hush"})

    assert ["rdsclone:a", "rdsclone:b", "rdsclone:accessKeyId"] == [
        problem.split()[0] for problem in told
    ]
    assert "hush" not in "".join(told)


@pytest.mark.parametrize(
    ("old", "new", "names"),
    [
        row("the same", "cn-hangzhou", "cn-hangzhou", []),
        row("another", "cn-hangzhou", "cn-shanghai", ["region"]),
        row("no more", "cn-hangzhou", None, []),
        row("for the first time", None, "cn-shanghai", []),
        row("never", None, None, []),
        row("not known yet", "cn-hangzhou", make_unknown(), []),
    ],
)
def test_another_region_replaces_the_provider(
    old: str | None, new: str | None, names: list[str]
) -> None:
    olds = {"region": old, "endpoint": "one"} if old else {"endpoint": "one"}
    news = {"region": new, "endpoint": "two"} if new else {"endpoint": "two"}

    assert names == replaces(olds, news)
