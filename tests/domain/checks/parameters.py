"""
The rows of the rules about parameters.
"""

from typing import Any, Final

from tests.domain.checks.rows import Row, clone, fails, knowing, passes, rule

RESTART: Final = "set allow_restart to true, or remove these parameters"


def setting(**values: str) -> dict[str, Any]:
    return clone(parameters=values)


ROWS: list[Row] = []

ROWS += rule(
    "parameter-known",
    passes("none"),
    passes("two", setting(wait_timeout="60", back_log="2000")),
    fails("misspelt", setting(wait_timeuot="60")).says(
        "the engine has no parameter 'wait_timeuot'", "did you mean 'wait_timeout'?"
    ),
    fails("another engine's", setting(xyz="60")).says(
        "the engine has no parameter 'xyz'", "remove this parameter"
    ),
    fails("fixed", setting(innodb_page_size="8192")).says(
        "the parameter 'innodb_page_size' cannot be set", "remove this parameter"
    ),
)
ROWS += rule(
    "parameter-range",
    passes("none"),
    *(
        passes(f"{name} {value}", setting(**{name: value}))
        for name, value in (
            ("wait_timeout", "1"),
            ("wait_timeout", "31536000"),
            ("long_query_time", "0.03"),
            ("long_query_time", "30"),
            ("event_scheduler", "OFF"),
            ("sql_mode", "whatever"),
            ("wait_timeout", "{DBInstanceClassMemory/4}"),
            ("nobody_knows", "1"),
        )
    ),
    *(
        fails(f"{name} {value}", setting(**{name: value})).says(
            f"the parameter '{name}' does not accept {value!r}", f"use {better}"
        )
        for name, value, better in (
            ("wait_timeout", "0", "1 to 31536000"),
            ("wait_timeout", "31536001", "1 to 31536000"),
            ("wait_timeout", "1.5", "1 to 31536000"),
            ("wait_timeout", "an hour", "1 to 31536000"),
            ("wait_timeout", "", "1 to 31536000"),
            ("long_query_time", "0.02", "0.03 to 30"),
            ("event_scheduler", "on", "one of ON, OFF"),
        )
    ),
)
ROWS += rule(
    "parameter-restart",
    passes("none"),
    passes("at once", setting(wait_timeout="60")),
    passes("the source's", setting(back_log="2000")),
    passes("allowed", {**setting(back_log="50"), "allow_restart": True}),
    passes("fixed", setting(innodb_page_size="8192")),
    fails("not allowed", setting(back_log="50", wait_timeout="60")).says(
        "a restart is needed for the parameters 'back_log'", RESTART
    ),
    fails(
        "not told of the source", setting(back_log="2000"), facts=knowing(source_parameters={})
    ).says("a restart is needed for the parameters 'back_log'", RESTART),
)
