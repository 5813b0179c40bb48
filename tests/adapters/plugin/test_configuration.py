from typing import Any

import pytest

from pulumi_rdsclone.adapters.engine import make_unknown
from pulumi_rdsclone.adapters.plugin.configuration import problems_of, replaces

KEY = {"accessKeyId": "LTAI5tKey"}


@pytest.mark.parametrize(
    "configured",
    [
        pytest.param({}, id="nothing"),
        pytest.param({"region": "cn-hangzhou", "endpoint": "localhost:80"}, id="some"),
        pytest.param({**KEY, "accessKeySecret": "secret"}, id="a whole key"),
        pytest.param({"version": "0.1.0", "pluginDownloadURL": "x"}, id="Pulumi's own"),
        pytest.param({"region": make_unknown()}, id="unknown"),
        pytest.param({**KEY, "accessKeySecret": make_unknown()}, id="unknown secret"),
        pytest.param({**KEY, "region": make_unknown()}, id="too little is known"),
        pytest.param({"region": None, **KEY, "accessKeySecret": "s"}, id="none"),
    ],
)
def test_good(configured: dict[str, Any]) -> None:
    """
    Arguments that may be meant pass.
    """
    assert [] == problems_of(configured)


@pytest.mark.parametrize(
    ("configured", "problem"),
    [
        pytest.param(
            {"regoin": "cn-hangzhou"},
            "rdsclone:regoin is not a setting of this provider — did you mean region?",
            id="misspelt",
        ),
        pytest.param(
            {"access_key_id": "LTAI5tKey"},
            "rdsclone:access_key_id is not a setting of this provider — did you mean "
            "accessKeyId?",
            id="in snake_case",
        ),
        pytest.param(
            {"zzz": "1"},
            "rdsclone:zzz is not a setting of this provider — use one of region, "
            "endpoint, vpcEndpoint, accessKeyId, accessKeySecret, securityToken, "
            "profile, identity, skipChecks, checkTimeout, maxPricePerHour, site, "
            "instanceQuota",
            id="like no other",
        ),
        pytest.param(
            {"regoin": make_unknown()},
            "rdsclone:regoin is not a setting of this provider — did you mean region?",
            id="misspelt and unknown",
        ),
        pytest.param(
            KEY,
            "rdsclone:accessKeyId and rdsclone:accessKeySecret belong together — set "
            "both or neither",
            id="half a key",
        ),
        pytest.param(
            {"endpoint": "http://"},
            "the endpoint 'http://' is not a host with an optional port — write it "
            "like rds.aliyuncs.com or http://127.0.0.1:8080",
            id="no host",
        ),
    ],
)
def test_wrong(configured: dict[str, Any], problem: str) -> None:
    """
    What is wrong is one sentence, with a remedy.
    """
    assert [problem] == problems_of(configured)


def test_all_that_is_wrong() -> None:
    """
    Everything that is wrong is told at once, and no value of a secret.
    """
    told = problems_of({"b": "1", "a": "2", "accessKeySecret": "hush"})

    assert ["rdsclone:a", "rdsclone:b", "rdsclone:accessKeyId"] == [
        problem.split()[0] for problem in told
    ]
    assert "hush" not in "".join(told)


@pytest.mark.parametrize(
    ("old", "new", "names"),
    [
        pytest.param("cn-hangzhou", "cn-hangzhou", [], id="the same"),
        pytest.param("cn-hangzhou", "cn-shanghai", ["region"], id="another"),
        pytest.param("cn-hangzhou", None, [], id="no more"),
        pytest.param(None, "cn-shanghai", [], id="for the first time"),
        pytest.param(None, None, [], id="never"),
        pytest.param("cn-hangzhou", make_unknown(), [], id="not known yet"),
    ],
)
def test_region(old: str | None, new: str | None, names: list[str]) -> None:
    """
    A provider of another region makes other clones; nothing else does.
    """
    olds = {"region": old, "endpoint": "one"} if old else {"endpoint": "one"}
    news = {"region": new, "endpoint": "two"} if new else {"endpoint": "two"}

    assert names == replaces(olds, news)
