"""Every command of `binome`."""

import typer

from binome import processes
from binome.commands import (
    accounts,
    builds,
    doctor,
    erase,
    links,
    match,
    migrate,
    people,
    privacy,
    programmes,
    report,
    sources,
    up,
)

app = typer.Typer(
    name="binome",
    help="Run reverse-mentoring programmes. `binome up --demo` shows all of it on this machine.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
)
app.command("up")(up.command)
app.command("worker")(processes.worker)
app.command("gateway")(processes.gateway)
app.command("migrate")(migrate.migrate)
app.command("import", cls=people.Command)(people.command)
app.command("start")(programmes.start)
app.command("status")(programmes.status)
app.command("report")(report.command)
app.add_typer(match.app, name="match")
app.add_typer(links.app, name="links")
app.add_typer(sources.app, name="sources")
app.add_typer(accounts.app, name="accounts")
app.add_typer(privacy.app, name="privacy")
app.add_typer(builds.app, name="builds")
app.command("export")(erase.export)
app.command("erase")(erase.erase)
app.command("doctor")(doctor.command)
