"""`binome builds`: builds of this installation's workers, for upgrades worker by worker."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Annotated

import typer
from temporalio.api.deployment.v1 import WorkerDeploymentVersion
from temporalio.service import RPCError

from binome.builds import (
    WHOLE,
    Build,
    BuildNotReady,
    current_build,
    known_builds,
    use_build,
)
from binome.commands.options import DEFAULT_DATA, Data, Json
from binome.errors import CommandFailed, CommandRefused
from binome.printing import print_json, print_table, say
from binome.servers import ServerAddresses, find_servers
from schemas.time.durations import parse_duration

if TYPE_CHECKING:
    from datetime import timedelta

app = typer.Typer(
    help="Builds of the workers, and which of them gets the tasks (docs/upgrading.md).",
    no_args_is_help=True,
)
UNVERSIONED = "workers without a build id"


@app.command("list")
def list_builds(data: Data = DEFAULT_DATA, as_json: Json = False) -> None:
    """Say which builds Temporal knows, and what share of the workflows each one gets."""
    servers = find_servers(data)
    deployment = _deployment(servers)
    found = asyncio.run(_known(servers, deployment))
    if as_json:
        print_json(found)
        return
    print_table(
        f"Builds of {deployment}",
        ["build", "gets", "state"],
        [(each.build_id, f"{each.percent:g} %", _state(each)) for each in found],
    )
    rest = round(WHOLE - sum(each.percent for each in found), 2)
    if rest:
        say(f"The other {rest:g} % go to {UNVERSIONED}.")


@app.command("use")
def use(
    build_id: Annotated[
        str, typer.Argument(metavar="BUILD", help="Its workers' BINOME_BUILD_ID.")
    ],
    percent: Annotated[
        float,
        typer.Option(
            "--percent",
            help="Share of the workflows that go over; less than 100 to try a build first.",
        ),
    ] = WHOLE,
    wait: Annotated[
        str, typer.Option("--wait", help="How long to wait for the build's workers.")
    ] = "1 minute",
    data: Data = DEFAULT_DATA,
    as_json: Json = False,
) -> None:
    """Send workflows to a build at their next task, once it has workers for every queue."""
    if not 0 <= percent <= WHOLE:
        raise CommandRefused("--percent is out of range; allowed: 0 to 100")
    try:
        patience = parse_duration(wait)
    except ValueError as error:
        raise CommandRefused(f"--wait is {error}") from None
    servers = find_servers(data)
    deployment = _deployment(servers)
    before = asyncio.run(_use(servers, deployment, build_id, percent, patience))
    if as_json:
        print_json({"build": build_id, "percent": percent, "current_before": before})
        return
    if percent < WHOLE:
        say(f"{build_id} gets {percent:g} % of the workflows, each at its next task.")
    elif before == build_id:
        say(f"{build_id} is current, as it was.")
    else:
        say(f"{build_id} is current; before it {before or UNVERSIONED} were.")
        say("Stop the workers before it once their last tasks are done: SIGTERM.")


def _state(build: Build) -> str:
    if build.percent:
        return "at work"
    if build.drained is None:
        return "was never given anything"
    return "replaced; nothing waits for it" if build.drained else "replaced"


def _deployment(servers: ServerAddresses) -> str:
    """The name of this installation's workers in Temporal.

    Raises:
        CommandRefused: they have none.
    """
    if servers.settings.deployment_name is None:
        raise CommandRefused(
            "workers here have no builds; set BINOME_DEPLOYMENT_NAME and BINOME_BUILD_ID (docs/upgrading.md)"
        )
    return servers.settings.deployment_name


async def _known(servers: ServerAddresses, deployment: str) -> list[Build]:
    client = await servers.client()
    with temporal_refusals():
        return await known_builds(client, deployment)


async def _use(
    servers: ServerAddresses,
    deployment: str,
    build_id: str,
    percent: float,
    patience: "timedelta",
) -> str | None:
    """Returns the build that was current before."""
    client = await servers.client()
    version = WorkerDeploymentVersion(deployment_name=deployment, build_id=build_id)
    with temporal_refusals():
        before = await current_build(client, deployment)
        try:
            await use_build(client, version, percent, patience)
        except BuildNotReady as error:
            raise CommandFailed(
                f"{build_id} got nothing: {error}. Start its workers (BINOME_BUILD_ID={build_id}), "
                "or wait longer (--wait)"
            ) from None
    return before


@contextmanager
def temporal_refusals() -> Iterator[None]:
    """Raise CommandFailed where Temporal refuses, or does not answer any more."""
    try:
        yield
    except RPCError as error:
        raise CommandFailed(
            f"Temporal refused: {error.status.name.lower()}; `binome doctor` says more"
        ) from None
