from typing import Any, Final

from pulumi_rdsclone.domain.problems import quoted
from tests.domain.checks.rows import Row, clone, fails, passes, rule

NAME: Final = "use 2 to 64 letters, digits, _ and -; start with a letter"
KEYS: Final = "use keys that do not start with aliyun, acs: or rdsclone: and do not contain a URL"

VALUES: Final = "use values that do not start with aliyun or acs: and do not contain a URL"


def tagged(count: int) -> dict[str, Any]:
    return clone(tags={f"key-{n}": "value" for n in range(count)})


ROWS: list[Row] = []

ROWS += rule(
    "description-form",
    passes("none"),
    *(
        passes(case, clone(description=text))
        for text, case in (
            ("ab", "two letters"),
            ("a" * 64, "64 letters"),
            ("A_1-b", "every kind of character"),
            ("测试库", "Chinese"),
        )
    ),
    *(
        fails(case, clone(description=text)).says(
            f"the description {quoted(text)} is not accepted by RDS", NAME
        )
        for text, case in (
            ("", "empty"),
            ("a", "one letter"),
            ("a" * 65, "65 letters"),
            ("1ab", "a digit first"),
            ("_ab", "an underscore first"),
            ("a b", "a space"),
            ("ab\n", "a line break"),
            ("añb", "an accent"),
        )
    ),
)
ROWS += rule(
    "tags-count",
    passes("none"),
    passes("as many as may be", tagged(13)),
    fails("one too many", tagged(14)).says("14 tags are declared", "use at most 13"),
)
ROWS += rule(
    "tags-reserved",
    passes("a reserved word further on", clone(tags={"my-acs:": "1", "x-rdsclone:": "2"})),
    *(
        fails(case, clone(tags={"team": "data", key: "x"})).says(
            f"the tag key {key!r} is reserved", KEYS
        )
        for key, case in (
            ("aliyunFoo", "the cloud's"),
            ("ACS:rds", "the cloud's in capitals"),
            ("rdsclone:key", "ours"),
            ("see-http://x", "a URL"),
            ("see-https://x", "a safe URL"),
        )
    ),
)
ROWS += rule(
    "tag-key-length",
    passes("none"),
    passes("64 characters", clone(tags={"k" * 64: "v"})),
    fails("65 characters", clone(tags={"k" * 65: "v"})).says(
        f"the tag key '{'k' * 37}…' has 65 characters", "use at most 64"
    ),
)
ROWS += rule(
    "tag-value-form",
    passes("none"),
    *(
        passes(case, clone(tags={"team": value}))
        for value, case in (
            ("", "empty"),
            ("v" * 128, "128 characters"),
            ("our-aliyun", "a reserved word further on"),
            ("数据 🙂", "any characters"),
        )
    ),
    fails("129 characters", clone(tags={"team": "v" * 129})).says(
        "the value of the tag 'team' has 129 characters", "use at most 128"
    ),
    *(
        fails(case, clone(tags={"team": value})).says(
            f"the value {value!r} of the tag 'team' is not accepted by RDS", VALUES
        )
        for value, case in (
            ("aliyun", "the cloud's word"),
            ("Aliyun-x", "the cloud's word in capitals"),
            ("ACS:ram", "the cloud's prefix"),
            ("http://x", "a URL"),
            ("see HTTPS://x", "a URL further on"),
        )
    ),
)
