"""
The commands and their options.

Nothing heavy is imported before a command runs, so that help is there at once.
"""

import sys
from typing import Annotated, Final

import typer

from pulumi_rdsclone.cli import validation
from pulumi_rdsclone.cli.exit_codes import ExitCode, with_exit_code
from pulumi_rdsclone.version import VERSION

app: Final = typer.Typer(
    add_completion=False, rich_markup_mode=None, pretty_exceptions_enable=False
)

clones_app: Final = typer.Typer(
    help="List clones, show how to adopt them, release them."
)
app.add_typer(clones_app, name="clones")

Region = Annotated[
    str | None,
    typer.Option(
        help="Region to look in; default: the environment's.",
        callback=validation.region,
    ),
]
Endpoint = Annotated[
    str | None,
    typer.Option(
        help="RDS endpoint; HTTPS unless it begins with http://.",
        callback=validation.not_blank,
    ),
]
Profile = Annotated[
    str | None,
    typer.Option(
        help="Profile of the aliyun command line.", callback=validation.not_blank
    ),
]
StackName = Annotated[
    str | None,
    typer.Option(
        metavar="PROJECT/STACK",
        help="Only the clones of this stack.",
        callback=validation.stack,
    ),
]
CloneId = Annotated[
    str,
    typer.Argument(
        metavar="ID", help="Instance of the clone.", callback=validation.instance_id
    ),
]
AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON document.")]


def _print_version(wanted: bool) -> None:  # noqa: FBT001 - as typer calls it
    if wanted:
        sys.stdout.write(f"rdsclone {VERSION}\n")
        raise typer.Exit


@app.callback()
def rdsclone(
    *,
    _version: Annotated[
        bool,
        typer.Option(
            "--version",
            help="Show the version and exit.",
            is_eager=True,
            callback=_print_version,
        ),
    ] = False,
) -> None:
    """
    Check clones of ApsaraDB RDS instances before they are ordered, and manage clones.

    No command orders anything. Only "clones release" and "reap" change anything.
    """


@app.command()
@with_exit_code
def check(  # noqa: PLR0913 - one parameter for each option
    *,
    source: Annotated[
        str,
        typer.Option(
            metavar="ID", help="Instance to copy.", callback=validation.instance_id
        ),
    ],
    time: Annotated[
        str | None,
        typer.Option(
            metavar="TIME",
            help="Restore this time, such as 2026-11-20T04:00:00Z.",
            callback=validation.not_blank,
        ),
    ] = None,
    backup: Annotated[
        str | None,
        typer.Option(
            metavar="ID",
            help="Restore this backup set.",
            callback=validation.instance_id,
        ),
    ] = None,
    latest: Annotated[
        str | None,
        typer.Option(
            metavar="time|backup",
            help="Restore the newest restorable time, or the newest usable backup set.",
            callback=validation.not_blank,
        ),
    ] = None,
    before: Annotated[
        str | None,
        typer.Option(
            metavar="TIME",
            help="With --latest backup: the newest one that ended before this time.",
            callback=validation.not_blank,
        ),
    ] = None,
    assignments: Annotated[
        list[str] | None,
        typer.Option(
            "--set",
            metavar="PATH=VALUE",
            help="Any other input, such as capacity.storageGb=200; a value is JSON "
            "or text. May be repeated.",
        ),
    ] = None,
    skip: Annotated[
        list[str] | None,
        typer.Option(metavar="ID", help="Do not make this check. May be repeated."),
    ] = None,
    fail_unverifiable: Annotated[
        bool,
        typer.Option("--fail-unverifiable", help="Refuse what could not be verified."),
    ] = False,
    region: Region = None,
    endpoint: Endpoint = None,
    profile: Profile = None,
    as_json: AsJson = False,
) -> ExitCode:
    """
    Check a clone as pulumi preview does.

    Exit code: 0 accepted, 1 refused, 2 wrong usage, wrong configuration, or inputs
    that are wrong by themselves, about which the cloud is not asked, 3 no usable
    answer from the cloud.
    """
    from pulumi_rdsclone.cli import inputs  # noqa: PLC0415
    from pulumi_rdsclone.cli.check import check_clone  # noqa: PLC0415
    from pulumi_rdsclone.cli.connection import configured_regions  # noqa: PLC0415

    tree = inputs.read(
        {
            "source_instance_id": source,
            "restore_point.time": time,
            "restore_point.backup_id": backup,
            "restore_point.latest": latest,
            "restore_point.before": before,
            "region": region,
            "checks.skip": skip or None,
            "checks.on_unverifiable": "fail" if fail_unverifiable else None,
        },
        assignments or (),
    )
    regions = configured_regions(endpoint, profile)
    return check_clone(tree, regions, as_json=as_json)


@app.command()
@with_exit_code
def restore_points(
    source: Annotated[
        str,
        typer.Argument(
            metavar="ID", help="Instance to copy.", callback=validation.instance_id
        ),
    ],
    *,
    region: Region = None,
    endpoint: Endpoint = None,
    profile: Profile = None,
    as_json: AsJson = False,
) -> ExitCode:
    """
    Show what of an instance can be restored.

    Exit code: 0 something can be restored, 1 nothing can be restored, 2 wrong usage
    or configuration, 3 no usable answer from the cloud.
    """
    from pulumi_rdsclone.cli.connection import configured_regions  # noqa: PLC0415
    from pulumi_rdsclone.cli.restore_points import print_restore_points  # noqa: PLC0415

    regions = configured_regions(endpoint, profile, region=region)
    return print_restore_points(source, regions, as_json=as_json)


@app.command()
@with_exit_code
def checks(*, as_json: AsJson = False) -> ExitCode:
    """
    List all checks.
    """
    from pulumi_rdsclone.cli.checks import print_checks  # noqa: PLC0415

    return print_checks(as_json=as_json)


@app.command("import-file")
@with_exit_code
def import_file(
    clones_to_import: Annotated[
        list[str],
        typer.Argument(
            metavar="NAME=ID...",
            help="Resource name and instance, as NAME=[REGION/]ID[/SOURCE]; SOURCE is "
            "needed for an instance without tags of rdsclone.",
        ),
    ],
    *,
    region: Region = None,
    endpoint: Endpoint = None,
    profile: Profile = None,
) -> ExitCode:
    """
    Print the file by which pulumi import takes instances as dynamic clones.

    Exit code: 0 printed, 1 an instance cannot be imported, 2 wrong usage or
    configuration, 3 no usable answer from the cloud.
    """
    from pulumi_rdsclone.cli.connection import configured_regions  # noqa: PLC0415
    from pulumi_rdsclone.cli.import_file import print_import_file  # noqa: PLC0415

    regions = configured_regions(endpoint, profile, region=region)
    return print_import_file(clones_to_import, regions)


@app.command()
@with_exit_code
def reap(  # noqa: PLR0913 - one parameter for each option
    *,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Only list what would be released.")
    ] = False,
    stack: StackName = None,
    most: Annotated[
        str | None,
        typer.Option(
            "--max",
            metavar="N",
            help="Release no clone if more than N clones have expired.",
            callback=validation.count,
        ),
    ] = None,
    grace: Annotated[
        str | None,
        typer.Option(
            metavar="DURATION",
            help="Only clones that expired at least this long ago, such as 1h; "
            "default: 0.",
            callback=validation.grace,
        ),
    ] = None,
    region: Region = None,
    endpoint: Endpoint = None,
    profile: Profile = None,
    as_json: AsJson = False,
) -> ExitCode:
    """
    Release all clones that have expired, as their ttl or expiresAt says.

    A ttl counts from the creation time that the cloud reports. There is no
    confirmation. Exit code: 0 all gone, 1 some are kept, or more than --max have
    expired, 2 wrong usage or configuration, also a stack that has no clone, 3 no
    usable answer from the cloud.
    """
    from pulumi_rdsclone.cli.connection import configured_regions  # noqa: PLC0415
    from pulumi_rdsclone.cli.reap import Limits, reap_clones  # noqa: PLC0415

    regions = configured_regions(endpoint, profile, region=region)
    limits = Limits.of(stack=stack, most=most, grace=grace)
    return reap_clones(limits, regions, dry_run=dry_run, as_json=as_json)


@clones_app.command("list")
@with_exit_code
def list_clones(
    *,
    stack: StackName = None,
    region: Region = None,
    endpoint: Endpoint = None,
    profile: Profile = None,
    as_json: AsJson = False,
) -> ExitCode:
    """
    List all instances that were ordered as clones, the oldest first.

    Exit code: 0 listed, 2 wrong usage or configuration, 3 no usable answer from the
    cloud.
    """
    from pulumi_rdsclone.cli.clones import print_clones  # noqa: PLC0415
    from pulumi_rdsclone.cli.connection import configured_regions  # noqa: PLC0415

    regions = configured_regions(endpoint, profile, region=region)
    return print_clones(stack, regions, as_json=as_json)


@clones_app.command()
@with_exit_code
def adopt(
    clone: CloneId,
    *,
    region: Region = None,
    endpoint: Endpoint = None,
    profile: Profile = None,
    as_json: AsJson = False,
) -> ExitCode:
    """
    Show how a stack takes a clone over. Nothing is changed.

    Exit code: 0 shown, 1 the instance is not a clone or is being released, 2 wrong
    usage or configuration, 3 no usable answer from the cloud.
    """
    from pulumi_rdsclone.cli.clones import print_adoption  # noqa: PLC0415
    from pulumi_rdsclone.cli.connection import configured_regions  # noqa: PLC0415

    regions = configured_regions(endpoint, profile, region=region)
    return print_adoption(clone, regions, as_json=as_json)


@clones_app.command()
@with_exit_code
def release(
    clone: CloneId,
    *,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask first.")] = False,
    region: Region = None,
    endpoint: Endpoint = None,
    profile: Profile = None,
    as_json: AsJson = False,
) -> ExitCode:
    """
    Release a clone, after a confirmation, and wait until it is gone.

    Exit code: 0 gone, 1 kept, or not gone in time, 2 wrong usage or configuration,
    also no terminal to ask and no --yes, 3 no usable answer from the cloud.
    """
    from pulumi_rdsclone.cli.clones_release import release_clone  # noqa: PLC0415
    from pulumi_rdsclone.cli.connection import configured_regions  # noqa: PLC0415

    regions = configured_regions(endpoint, profile, region=region)
    return release_clone(clone, regions, yes=yes, as_json=as_json)
