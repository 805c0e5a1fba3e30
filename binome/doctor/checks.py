"""`binome doctor`: what is wrong with an installation, and what to do about it."""

import asyncio
import os
from collections.abc import Awaitable, Callable

import aiosmtplib
from temporalio.service import RPCError

from binome.doctor import loops, runs, schedules
from binome.doctor.asking import ask_store
from binome.doctor.calls import calls_for_help
from binome.doctor.diagnosis import Diagnosis
from binome.doctor.mails_in_doubt import mails_in_doubt
from binome.doctor.payload_keys import payload_keys
from binome.doctor.privacy_notices import privacy_notices
from binome.doctor.sealed_answers import sealed_answers
from binome.doctor.sources import sources
from binome.doctor.workers import task_queues, worker
from binome.errors import ServerNotReached
from binome.servers import ServerAddresses
from binome.stack import temporal
from domain.runs.loops import write_fault_in_words
from workers.client import DEFAULT_ADDRESS


async def examine(servers: ServerAddresses) -> list[Diagnosis]:
    """Check everything that this installation needs; one fault hides no other."""
    checks: list[Callable[[ServerAddresses], Awaitable[Diagnosis]]] = [
        database,
        temporal_server,
        worker,
        task_queues,
        mail,
        loops.delivery,
        mails_in_doubt,
        schedules.reconciler,
        schedules.retention,
        calls_for_help,
        payload_keys,
        privacy_notices,
        sealed_answers,
    ]
    return [
        links(servers),
        *await asyncio.gather(*(check(servers) for check in checks)),
        *await runs.runs(servers),
        *await sources(servers),
    ]


def links(servers: ServerAddresses) -> Diagnosis:
    url = servers.settings.public_url
    local = "//127.0.0.1" in url or "//localhost" in url
    if local and not servers.stack:
        return Diagnosis(
            "links",
            False,
            f"links in mails begin with {url}, which opens on no other machine",
            "set BINOME_PUBLIC_URL to the address under which participants reach the gateway",
        )
    return Diagnosis("links", True, f"links in mails begin with {url}")


async def database(servers: ServerAddresses) -> Diagnosis:
    from activities.persistence.migrate import MigrationRefused, pending

    remedy = "correct BINOME_DATABASE_URL"
    try:
        missing = await pending(servers.settings.database_address())
    except MigrationRefused as error:
        found, remedy = "it does not fit this release", str(error)
    except (OSError, TimeoutError):
        found, remedy = "PostgreSQL does not answer", f"start it, or {remedy}"
    except Exception as error:
        # A wrong password or database: the message would show the address with the password.
        found = f"refused: {type(error).__name__}"
    else:
        if not missing:
            return await _writing(servers)
        found, remedy = (
            f"migrations missing: {', '.join(missing)}",
            "run: binome migrate",
        )
    return Diagnosis("database", False, found, remedy)


async def _writing(servers: ServerAddresses) -> Diagnosis:
    """What only a write finds out: a full disk, a refused permission."""
    found = "reached; every migration is applied"
    fault = await ask_store(servers, lambda store: store.installation.write_fault())
    if fault is None:
        return Diagnosis("database", True, found)
    remedy = "docs/runbooks.md, Nothing can be written"
    words = write_fault_in_words(fault)
    return Diagnosis("database", False, f"{found}, but {words}", remedy)


async def temporal_server(servers: ServerAddresses) -> Diagnosis:
    try:
        client = await servers.client()
        missing = await temporal.missing_search_attributes(client)
    except (ServerNotReached, RPCError):
        address = servers.temporal.get("target_host") or os.environ.get(
            "TEMPORAL_ADDRESS", DEFAULT_ADDRESS
        )
        remedy = "start it, or correct TEMPORAL_ADDRESS and TEMPORAL_NAMESPACE"
        return Diagnosis("temporal", False, f"no answer at {address}", remedy)
    if missing:
        options = (item.split("=") for item in missing)
        words = " ".join(f"--name {name} --type {kind}" for name, kind in options)
        return Diagnosis(
            "temporal",
            False,
            f"search attributes missing: {', '.join(missing)}",
            f"run: temporal operator search-attribute create {words}",
        )
    found = f"reached; namespace {client.namespace} has every search attribute"
    return Diagnosis("temporal", True, found)


async def mail(servers: ServerAddresses) -> Diagnosis:
    settings = servers.settings
    password = settings.smtp_password
    server = aiosmtplib.SMTP(
        hostname=settings.smtp_host,
        port=settings.smtp_port,
        username=settings.smtp_username,
        password=password.get_secret_value() if password else None,
        start_tls=settings.smtp_starttls and settings.smtp_port != 465,
        use_tls=settings.smtp_port == 465,
        timeout=10,
    )
    address = f"{settings.smtp_host}:{settings.smtp_port}"
    try:
        async with server:
            return Diagnosis("mail", True, f"{address} takes mail")
    except aiosmtplib.SMTPAuthenticationError:
        found = f"{address} refuses the account"
        remedy = "correct BINOME_SMTP_USERNAME and BINOME_SMTP_PASSWORD"
    except (aiosmtplib.SMTPException, OSError):
        found = f"no mail server answers at {address}"
        remedy = "start it, or correct BINOME_SMTP_HOST, BINOME_SMTP_PORT and BINOME_SMTP_STARTTLS"
    return Diagnosis("mail", False, found, remedy)
