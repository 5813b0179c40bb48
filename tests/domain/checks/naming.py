from typing import Any, Final

from tests.domain.checks.rows import Rows, clone, fails, passes

NAME: Final = "use 2 to 64 characters: a letter first, then letters, digits, _ and -"
KEYS: Final = (
    "choose keys that do not begin with aliyun, acs: or rdsclone: and hold no URL"
)

VALUES: Final = "choose values that do not begin with aliyun or acs: and hold no URL"


def tagged(count: int) -> dict[str, Any]:
    """
    Ask for so many tags.
    """
    return clone(tags={f"key-{n}": "value" for n in range(count)})


ROWS: Final[Rows] = (
    passes("description-form", "none"),
    *(
        passes("description-form", case, clone(description=text))
        for text, case in (
            ("ab", "two letters"),
            ("a" * 64, "64 letters"),
            ("A_1-b", "every kind of character"),
            ("测试库", "Chinese"),
        )
    ),
    *(
        fails(
            "description-form",
            case,
            clone(description=text),
            what="not a name that RDS takes",
            remedy=NAME,
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
    passes("tags-count", "none"),
    passes("tags-count", "as many as may be", tagged(13)),
    fails(
        "tags-count",
        "one too many",
        tagged(14),
        what="14 tags are too many",
        remedy="keep at most 13",
    ),
    passes(
        "tags-reserved",
        "a reserved word further on",
        clone(tags={"my-acs:": "1", "x-rdsclone:": "2"}),
    ),
    *(
        fails(
            "tags-reserved",
            case,
            clone(tags={"team": "data", key: "x"}),
            what=f"reserved key {key!r}",
            remedy=KEYS,
        )
        for key, case in (
            ("", "an empty key"),
            ("aliyunFoo", "the cloud's"),
            ("ACS:rds", "the cloud's in capitals"),
            ("rdsclone:key", "ours"),
            ("see-http://x", "a URL"),
            ("see-https://x", "a safe URL"),
        )
    ),
    passes("tag-key-length", "none"),
    passes("tag-key-length", "64 characters", clone(tags={"k" * 64: "v"})),
    fails(
        "tag-key-length",
        "65 characters",
        clone(tags={"k" * 65: "v"}),
        what=f"the key '{'k' * 39}… has 65 characters",
        remedy="use 64 at most",
    ),
    passes("tag-value-form", "none"),
    *(
        passes("tag-value-form", case, clone(tags={"team": value}))
        for value, case in (
            ("", "empty"),
            ("v" * 128, "128 characters"),
            ("our-aliyun", "a reserved word further on"),
            ("数据 🙂", "any characters"),
        )
    ),
    fails(
        "tag-value-form",
        "129 characters",
        clone(tags={"team": "v" * 129}),
        what="the value of 'team' has 129 characters",
        remedy="use 128 at most",
    ),
    *(
        fails(
            "tag-value-form",
            case,
            clone(tags={"team": value}),
            what=f"the value of 'team' is {value!r}, which RDS does not take",
            remedy=VALUES,
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
