"""`binome worker` and `binome gateway`: the processes of a deployment. They read the settings alone."""

import asyncio

from workers.logging import configure_logging
from workers.settings import load_settings


def worker() -> None:
    """Run workflows and activities until SIGTERM, as BINOME_* and TEMPORAL_* say."""
    from workers.build import run_worker

    settings = load_settings()
    configure_logging(settings.log_level, settings.log_format)
    asyncio.run(run_worker(settings))


def gateway() -> None:
    """Serve events, pages and console until SIGTERM, as BINOME_* and TEMPORAL_* say."""
    from binome.stack.gateway_process import serve

    settings = load_settings()
    configure_logging(settings.log_level, settings.log_format)
    asyncio.run(serve(settings))
