"""
The entry point of ``rds-emulator``; it says what to do when its extra is missing.
"""

import sys
from typing import Final

EXTRA: Final = frozenset({"cryptography", "httptools", "starlette", "typer", "uvicorn"})


def main() -> None:
    """
    Run the command, or tell how to install what it needs.
    """
    try:
        from rds_emulator import command  # noqa: PLC0415
    except ModuleNotFoundError as error:
        if error.name not in EXTRA:
            raise
        sys.stderr.write(
            f"rds-emulator: {error.name} is not installed: the emulator comes with "
            "pip install 'pulumi-rdsclone[emulator]'\n"
        )
        sys.exit(2)
    command.main()


if __name__ == "__main__":
    main()
