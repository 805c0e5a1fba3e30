"""`binome doctor`: what is wrong, and how to mend it."""

import asyncio
import os
from collections.abc import Awaitable, Callable

import aiosmtplib
from temporalio.service import RPCError

from binome import runs
from binome.findings import Finding
from binome.stack import temporal
from binome.where import NotReached, Where


async def examine(where: Where) -> list[Finding]:
    """Look at everything that this installation needs; one fault hides no other."""
    looks: list[Callable[[Where], Awaitable[Finding]]] = [
        _database,
        _temporal,
        _worker,
        _mail,
        runs.reconciler,
    ]
    return [
        _links(where),
        *await asyncio.gather(*(look(where) for look in looks)),
        *await runs.runs(where),
    ]


def _links(where: Where) -> Finding:
    url = where.settings.public_url
    local = "//127.0.0.1" in url or "//localhost" in url
    if local and not where.stack:
        return Finding(
            "links", False, f"links in mails begin with {url}, which opens on no other machine",
            "set BINOME_PUBLIC_URL to the address under which participants reach the gateway",
        )  # fmt: skip
    return Finding("links", True, f"links in mails begin with {url}")


async def _database(where: Where) -> Finding:
    from activities.persistence.migrate import MigrationRefused, pending

    try:
        missing = await pending(where.settings.database_url)
    except MigrationRefused as error:
        return Finding("database", False, "it does not fit this release", str(error))
    except (OSError, TimeoutError):
        return Finding(
            "database",
            False,
            "PostgreSQL does not answer",
            "start it, or correct BINOME_DATABASE_URL",
        )
    except Exception as error:  # a wrong password or database: the message would show the address with the password
        return Finding(
            "database",
            False,
            f"refused: {type(error).__name__}",
            "correct BINOME_DATABASE_URL",
        )
    if missing:
        return Finding(
            "database",
            False,
            f"migrations missing: {', '.join(missing)}",
            "run: binome migrate",
        )
    return Finding("database", True, "reached; every migration is applied")


async def _temporal(where: Where) -> Finding:
    try:
        client = await where.client()
        missing = await temporal.missing_search_attributes(client)
    except (NotReached, RPCError):
        address = where.temporal.get("target_host") or os.environ.get(
            "TEMPORAL_ADDRESS", "localhost:7233"
        )
        mend = "start it, or correct TEMPORAL_ADDRESS and TEMPORAL_NAMESPACE"
        return Finding("temporal", False, f"no answer at {address}", mend)
    if missing:
        wanted = " ".join(
            f"--name {name} --type {kind}"
            for name, kind in (item.split("=") for item in missing)
        )
        return Finding(
            "temporal", False, f"search attributes missing: {', '.join(missing)}",
            f"run: temporal operator search-attribute create {wanted}",
        )  # fmt: skip
    return Finding(
        "temporal",
        True,
        f"reached; namespace {client.namespace} has every search attribute",
    )


async def _worker(where: Where) -> Finding:
    try:
        client = await where.client()
        at_work = await temporal.has_worker(client)
    except (NotReached, RPCError):
        return Finding(
            "worker",
            False,
            "cannot be seen while Temporal does not answer",
            "mend Temporal first",
        )
    if at_work:
        return Finding("worker", True, "at work")
    return Finding(
        "worker",
        False,
        "none is at work; whatever is started waits",
        "run: binome worker",
    )


async def _mail(where: Where) -> Finding:
    settings = where.settings
    password = (
        settings.smtp_password.get_secret_value() if settings.smtp_password else None
    )
    server = aiosmtplib.SMTP(
        hostname=settings.smtp_host,
        port=settings.smtp_port,
        username=settings.smtp_username,
        password=password,
        start_tls=settings.smtp_starttls,
        use_tls=settings.smtp_port == 465,
        timeout=10,
    )
    address = f"{settings.smtp_host}:{settings.smtp_port}"
    try:
        async with server:
            return Finding("mail", True, f"{address} takes mail")
    except aiosmtplib.SMTPAuthenticationError:
        mend = "correct BINOME_SMTP_USERNAME and BINOME_SMTP_PASSWORD"
        return Finding("mail", False, f"{address} refuses the account", mend)
    except (aiosmtplib.SMTPException, OSError):
        mend = "start it, or correct BINOME_SMTP_HOST, BINOME_SMTP_PORT and BINOME_SMTP_STARTTLS"
        return Finding("mail", False, f"no mail server answers at {address}", mend)
