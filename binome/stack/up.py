"""`binome up`: the whole of Binôme on one machine, every component of it real."""

import asyncio
import json
import os
import signal
from collections.abc import AsyncIterator, Callable, Coroutine, Iterator
from contextlib import AsyncExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from binome.example_run import start_example_run
from binome.stack import components, enclosed_server, temporal
from binome.stack.addresses import addresses
from binome.stack.component_process import Component, ComponentProcess
from binome.stack.console_access import console_link, console_token
from binome.stack.data_folder import DataFolder, lock_folder
from binome.stack.demo_token import demo_token
from binome.stack.installed import check_installed
from binome.stack.leftovers import end_leftovers
from binome.stack.ports import LOOPBACK, Ports, fill_in_ports
from binome.stack.postgres import Cluster
from workers.client import connect
from workers.payload_keys import NO_KEYS
from workers.settings import EXAMPLES, Settings, load_settings

Report = Callable[[str], None]
STOPPING = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
OPEN_TO_ACCOUNTS = (
    "Warning: other accounts of this machine can reach Temporal, its Web UI and the mail catcher: this system gives"
    " no network namespace, or does not say whose a connection is. --trust-accounts starts without this warning."
)


@dataclass(frozen=True)
class StackOptions:
    """What was asked for on the command line."""

    data: Path
    ports: Ports
    demo: bool = False
    exit_when_done: bool = False
    encrypt: bool = False
    """Encrypt histories from now on; a data folder that has keys goes on without being asked."""
    trust_accounts: bool = False
    """Serve other accounts of the machine, too, what has no sign-in."""


async def up(options: StackOptions, report: Report) -> None:
    """Run the stack until it is asked to stop, or until the end of a demo that was asked to end it.

    Raises:
        CommandRefused: it cannot start as asked.
        StackFailed: a component does not run.
        NotInstalled: this installation has no `binome[stack]`.
    """
    check_installed()
    with lock_folder(options.data) as folder:
        for name in end_leftovers(folder.path):
            report(f"{name} was left over from a stack that was killed; it is ended.")
        # The addresses of the last run: nobody is to find them meanwhile.
        (folder.path / "stack.json").unlink(missing_ok=True)
        ports = fill_in_ports(options.ports)
        work = asyncio.create_task(_run(options, folder, ports, report))
        with _stopped_by_signals(work):
            try:
                await work
            except asyncio.CancelledError:
                report("All is stopped.")


async def _run(
    options: StackOptions, folder: DataFolder, ports: Ports, report: Report
) -> None:
    async with AsyncExitStack() as running:
        processes: list[ComponentProcess] = []
        own_account_only = not options.trust_accounts and enclosed_server.can_enclose()
        if not (own_account_only or options.trust_accounts):
            report(OPEN_TO_ACCOUNTS)
        async for stage in _stages(options, folder, ports, own_account_only):
            started = [
                ComponentProcess(component, folder.path, report) for component in stage
            ]
            for process in started:
                running.push_async_callback(process.stop)
            await _start_all(started)
            processes += started
        stack = await _write_stack_file(folder, ports)
        link = await console_link(stack["database_url"])
        report(addresses(stack, link))
        await _while_running(processes, _serve_until_done(options, stack))


async def _stages(
    options: StackOptions,
    folder: DataFolder,
    ports: Ports,
    own_account_only: bool,
) -> AsyncIterator[list[Component]]:
    """Yield the servers, prepare the database, then yield worker and gateway."""
    address = f"{LOOPBACK}:{ports.temporal}"
    ui = temporal.hidden_ui()
    folder.payload_keys(encrypt=options.encrypt)
    yield [
        components.postgres_component(folder, ports),
        components.temporal_component(
            folder, ports, ui, own_account_only=own_account_only
        ),
        components.web_ui_component(ports, ui, own_account_only=own_account_only),
        components.catcher_component(folder, ports, own_account_only=own_account_only),
    ]
    await _migrate(folder, ports)
    await temporal.keep_closed_runs(
        await connect(NO_KEYS, target_host=address, namespace="default")
    )
    settings = _settings(folder, ports)
    yield [
        components.worker_component(settings, address),
        components.gateway_component(settings, address),
    ]


async def _start_all(processes: list[ComponentProcess]) -> None:
    """Start all processes at once; when one fails, cancel the others and raise its
    error.
    """
    try:
        async with asyncio.TaskGroup() as starts:
            for process in processes:
                starts.create_task(process.start())
    except ExceptionGroup as failures:
        raise failures.exceptions[0] from None


async def _migrate(folder: DataFolder, ports: Ports) -> None:
    from activities.persistence.migrate import migrate

    cluster = Cluster(folder.postgres, ports.postgres)
    await asyncio.to_thread(cluster.create_database, "binome")
    await migrate(cluster.url())


async def _write_stack_file(folder: DataFolder, ports: Ports) -> dict[str, Any]:
    """Write `stack.json`: how commands, the demo and tests find a running stack."""
    database_url = Cluster(folder.postgres, ports.postgres).url()
    stack = {
        "gateway": f"http://{LOOPBACK}:{ports.gateway}",
        "ui": f"http://{LOOPBACK}:{ports.ui}",
        "temporal": f"{LOOPBACK}:{ports.temporal}",
        "namespace": "default",
        "smtp": f"{LOOPBACK}:{ports.smtp}",
        "postgres": f"{LOOPBACK}:{ports.postgres}",
        "database_url": database_url,
        "token": await demo_token(folder, database_url),
        "console_token": await console_token(folder, database_url),
        "data": str(folder.path),
        "mails": str(folder.mails),
        "pid": os.getpid(),
    }
    folder.save("stack.json", json.dumps(stack, indent=1))
    return stack


async def _serve_until_done(options: StackOptions, stack: dict[str, Any]) -> None:
    """Start the example run and the demo; return when the stack is to end."""
    # In the demo the people come first: the example run is to show a plan, not that nobody was imported.
    await asyncio.gather(
        start_example_run(stack, once_imported=options.demo), _run_demo(options, stack)
    )


async def _run_demo(options: StackOptions, stack: dict[str, Any]) -> None:
    if options.demo:
        from binome.demo.run import run_demo

        await run_demo(stack, options.exit_when_done)
    if not options.exit_when_done:
        await asyncio.Event().wait()


async def _while_running(
    processes: list[ComponentProcess], attending: Coroutine[Any, Any, None]
) -> None:
    """Wait until `attending` ends, or a component gives up."""
    attended = asyncio.create_task(attending)
    watched = [
        process.watching for process in processes if process.watching is not None
    ]
    try:
        done, _ = await asyncio.wait(
            {attended, *watched}, return_when=asyncio.FIRST_COMPLETED
        )
        for task in done:
            task.result()
    finally:
        attended.cancel()
        await asyncio.gather(attended, return_exceptions=True)


@contextmanager
def _stopped_by_signals(work: asyncio.Task[None]) -> Iterator[None]:
    """The first signal stops the work; more of them change nothing, or the components would be left half stopped."""
    loop = asyncio.get_running_loop()
    stop = iter([work.cancel])
    for number in STOPPING:
        loop.add_signal_handler(number, lambda: next(stop, bool)())
    try:
        yield
    finally:
        for number in STOPPING:
            loop.remove_signal_handler(number)


def _settings(folder: DataFolder, ports: Ports) -> Settings:
    """Settings of worker and gateway: the stack's own, whatever the environment says."""
    return load_settings(
        database_url=Cluster(folder.postgres, ports.postgres).url(),
        secret=folder.link_signing_key(),
        payload_keys=folder.payload_keys(),
        public_url=f"http://{LOOPBACK}:{ports.gateway}",
        ui_url=f"http://{LOOPBACK}:{ports.ui}",
        host=LOOPBACK,
        port=ports.gateway,
        console_port=None,
        console_url=None,
        hosts="",
        proxies="",
        smtp_host=LOOPBACK,
        smtp_port=ports.smtp,
        smtp_username=None,
        smtp_password=None,
        smtp_starttls=False,
        local_password=True,
        oidc_issuer=None,
        oidc_client_id=None,
        oidc_client_secret=None,
        trusted_header=None,
        trusted_proxies="",
        sign_out_url=None,
        mails_dir=folder.mails,
        examples_dir=EXAMPLES,
        log_format="console",
    )
