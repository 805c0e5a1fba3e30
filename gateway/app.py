"""Puts the gateway together: events in, participants' pages, console, health."""

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager, suppress
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from fastapi import APIRouter, FastAPI
from fastapi.exceptions import RequestValidationError
from fastapi.responses import FileResponse, PlainTextResponse
from fastapi.staticfiles import StaticFiles
from fastapi.telemetry import TelemetryConfig
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from opentelemetry.trace import Tracer
from starlette.exceptions import HTTPException
from starlette.routing import BaseRoute

from activities.persistence.database import DatabaseUnavailable, TextUnstorable
from activities.persistence.installation import Presence
from activities.persistence.store import Store
from gateway import api, codec, health
from gateway.access import openid_routes, sign_in
from gateway.access.declared import Door, opened_by
from gateway.access.route import AccessRoute, SignInNeeded
from gateway.console import routes as console
from gateway.context import Gateway
from gateway.dated_updates import apply_dated_updates
from gateway.dispatcher import Dispatcher
from gateway.edge.middleware import add_edge
from gateway.edge.rates import RateLimits, TooManyRequests
from gateway.events import routes as events
from gateway.http import problems
from gateway.http.not_found import (
    database_unavailable_response,
    not_found_response,
    too_many_response,
)
from gateway.imports import PeopleImportRequests
from gateway.links import LinkInvalid, Links
from gateway.my_data import routes as my_data
from gateway.observing import exposition
from gateway.observing.metrics import GatewayMetrics
from gateway.observing.requests import ObservedRequests, RouteMet
from gateway.observing.traces import GatewayTraces
from gateway.options import GatewayOptions
from gateway.pages import routes as pages
from gateway.pages.anonymous_pages import invalid_link_response
from gateway.queues import QueueWatch
from gateway.temporal import WorkflowClient
from schemas.records.processes import Part

if TYPE_CHECKING:
    from gateway.access.openid import OpenidProvider

_HERE = Path(__file__).parent
NOTHING_OF_FASTAPI = TelemetryConfig(
    tracing=False, metrics=False, logs=False, auto_configure=False
)
"""FastAPI's own telemetry records addresses, which are signed links, and what was sent.

One variable of the environment switches it on where it is not refused.
"""


def build_app(
    store: Store,
    workflows: WorkflowClient,
    options: GatewayOptions,
    tracer: Tracer | None = None,
) -> FastAPI:
    """The gateway over an open store and a connected client; it closes neither."""
    gateway = _parts(store, workflows, options, tracer)
    app = FastAPI(
        title="Binôme",
        version="1",
        docs_url=None,
        redoc_url=None,
        openapi_url=None,  # `gateway/api.py` shows it to whoever may see the console
        redirect_slashes=False,  # to http, where a proxy ends TLS
        lifespan=_lifespan(gateway),
        telemetry=NOTHING_OF_FASTAPI,
    )
    app.state.gateway = gateway
    app.state.openid = _openid(options)
    app.state.imports = PeopleImportRequests(store.people_files, workflows)
    _add_refusals(app)
    app.add_middleware(RouteMet)
    add_edge(app, options)
    app.add_middleware(ObservedRequests, metrics=gateway.metrics, traces=gateway.traces)
    app.router.routes.extend(_routes())
    return app


def _parts(
    store: Store,
    workflows: WorkflowClient,
    options: GatewayOptions,
    tracer: Tracer | None,
) -> Gateway:
    metrics, traces = GatewayMetrics(), GatewayTraces(tracer)
    return Gateway(
        store=store,
        workflows=workflows,
        options=options,
        links=Links(options.link_keys, options.public_url, options.console_url),
        rates=RateLimits(options.rates),
        templates=templates(),
        dispatcher=Dispatcher(
            store, workflows, metrics.event_delivery.observe, traces.delivering
        ),
        presence=Presence(store.installation, Part.GATEWAY),
        queues=QueueWatch(workflows.queues),
        metrics=metrics,
        traces=traces,
    )


def _openid(options: GatewayOptions) -> "OpenidProvider | None":
    if options.openid is None:
        return None
    from gateway.access.openid import OpenidProvider  # takes long, and few need it

    return OpenidProvider(options.openid, options.console_address)


def _add_refusals(app: FastAPI) -> None:
    for error, response in (
        (problems.RequestRefused, problems.refusal_response),
        (RequestValidationError, problems.not_accepted_response),
        (TooManyRequests, too_many_response),
        (HTTPException, not_found_response),
        (DatabaseUnavailable, database_unavailable_response),
        (TextUnstorable, problems.text_unstorable_response),
        (LinkInvalid, invalid_link_response),
        (SignInNeeded, sign_in.sign_in_response),
    ):
        app.add_exception_handler(error, response)


@cache
def _routes() -> Sequence[BaseRoute]:
    """Made once a process, for every gateway in it: FastAPI needs half a second for all."""
    router = APIRouter(route_class=AccessRoute)
    for subject in (
        health,
        exposition,
        api,
        codec,
        events,
        pages,
        my_data,
        sign_in,
        openid_routes,
        console,
    ):
        router.include_router(subject.router)
    router.add_api_route(
        "/robots.txt",
        _robots,
        include_in_schema=False,
        response_class=PlainTextResponse,
    )
    router.add_api_route("/favicon.ico", _favicon, include_in_schema=False)
    router.mount("/static", StaticFiles(directory=_HERE / "static"), name="static")
    return router.routes


@cache
def templates() -> Environment:
    """Templates that escape everything, and in which an unknown name is an error."""
    found = Environment(
        loader=FileSystemLoader(_HERE / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    found.filters["grouped"] = "{:,}".format
    return found


def compile_templates(templates: Environment) -> None:
    """Compile all templates before somebody waits for one: some take as long as ten pages."""
    for name in templates.list_templates():
        templates.get_template(name)


def _lifespan(
    gateway: Gateway,
) -> Callable[[FastAPI], AbstractAsyncContextManager[None]]:
    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        if gateway.options.dispatch:  # not for a test's few requests
            await asyncio.to_thread(compile_templates, gateway.templates)
        works = (
            (
                gateway.dispatcher.run(),
                gateway.presence.run(),
                gateway.queues.run(),
                apply_dated_updates(gateway.store.people_updates),
            )
            if gateway.options.dispatch
            else ()
        )
        tasks = [asyncio.create_task(work) for work in works]
        yield
        for task in tasks:
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task

    return lifespan


@opened_by(Door.ANYBODY)
async def _robots() -> str:
    return "User-agent: *\nDisallow: /\n"


@opened_by(Door.ANYBODY)
async def _favicon() -> FileResponse:
    """Browsers ask for it by this name and go by its type."""
    return FileResponse(_HERE / "static" / "mark.svg", media_type="image/svg+xml")
