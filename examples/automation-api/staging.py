"""
A staging database for each pull request.

    python staging.py up 123 --source rm-uf6wjk5xxxx    make it, or go on making it
    python staging.py down 123                          release it
"""

import argparse
import signal
import sys

import pulumi
import pulumi_rdsclone as rdsclone
from pulumi import automation as auto


def program() -> None:
    """
    Declare what a pull request has.
    """
    staging = rdsclone.CloneInstance(
        "staging",
        source_instance_id=pulumi.Config().require("source"),
        restore_point={"latest": "time"},
        tags={"env": pulumi.get_stack()},
    )
    endpoint = pulumi.Output.concat(
        staging.connection_string, ":", staging.port.apply(str)
    )
    pulumi.export("endpoint", endpoint)


def up(stack: auto.Stack, arguments: argparse.Namespace) -> None:
    """
    Make the database, or go on where an earlier run was interrupted.
    """
    stack.set_config("source", auto.ConfigValue(arguments.source))
    if arguments.endpoint:
        stack.set_config("rdsclone:endpoint", auto.ConfigValue(arguments.endpoint))
    done = stack.up(on_output=tell)
    sys.stdout.write(f"{done.outputs['endpoint'].value}\n")


def down(stack: auto.Stack, _arguments: argparse.Namespace) -> None:
    """
    Release the database and forget its stack.
    """
    stack.destroy(on_output=tell)
    stack.workspace.remove_stack(stack.name)


def tell(line: str) -> None:
    """
    Show Pulumi's progress; stdout is for the endpoint alone.
    """
    sys.stderr.write(f"{line}\n")


def main() -> int:
    """
    Do what the command line says; give the exit code.
    """
    parser = argparse.ArgumentParser(description="A staging database per pull request")
    parser.add_argument(
        "--unlock", action="store_true", help="no other run is going on"
    )
    commands = parser.add_subparsers(required=True)
    for name, command in (("up", up), ("down", down)):
        options = commands.add_parser(name, help=(command.__doc__ or "").strip())
        options.set_defaults(command=command)
        options.add_argument("number", type=int, help="of the pull request")
        if command is up:
            options.add_argument("--source", required=True, help="instance to copy")
            options.add_argument(
                "--endpoint", help="RDS endpoint; default: the region's"
            )
    arguments = parser.parse_args()

    # Ctrl-C reaches Pulumi, too, which keeps what was ordered and ends by itself.
    signal.signal(signal.SIGINT, lambda *_: None)
    stack = auto.create_or_select_stack(
        stack_name=f"pr-{arguments.number}",
        project_name="staging",
        program=program,
        # The provider's process needs this interpreter, which has it installed.
        opts=auto.LocalWorkspaceOptions(env_vars={"PULUMI_PYTHON_CMD": sys.executable}),
    )
    if arguments.unlock:
        # A run that was killed has left its lock.
        stack.cancel()
    try:
        arguments.command(stack, arguments)
    except auto.ConcurrentUpdateError:
        return fail("another run holds the lock; if it was killed, add --unlock")
    except auto.CommandError:
        return fail("Pulumi failed, see above; run this again to go on")
    return 0


def fail(what: str) -> int:
    """
    Say in one line what went wrong; give the exit code.
    """
    sys.stderr.write(f"staging: {what}\n")
    return 1


if __name__ == "__main__":
    sys.exit(main())
