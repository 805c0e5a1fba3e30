"""GET and POST /my-data/{token}: what is held about somebody, as a page and as a file."""

import asyncio
from collections.abc import Mapping
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Form
from fastapi.responses import HTMLResponse, JSONResponse, Response

from domain.erasure.wording import export_document
from gateway.access.declared import Door, opened_by
from gateway.access.route import AccessRoute
from gateway.context import CurrentGateway, Gateway
from gateway.edge.dependencies import within_address_rate
from gateway.edge.rates import RateKey
from gateway.my_data.naming import Held, names_known_to
from gateway.my_data.reader import CurrentReader, DataReader
from gateway.my_data.sections import sections
from gateway.my_data.values import ReadableValues
from gateway.my_data.words import data_words
from gateway.pages.words import translator
from gateway.texts import times

router = APIRouter(
    prefix="/my-data",
    tags=["pages"],
    include_in_schema=False,
    route_class=AccessRoute,
    dependencies=[Depends(within_address_rate)],
)
READING = "my_data"
"""What the record of readings says of it; the person is both who read and about whom."""
FILE_NAME = "my-data.json"


@router.get("/{token}")
@opened_by(Door.LINK)
async def offer(gateway: CurrentGateway, at: CurrentReader) -> Response:
    """Shows nothing of the person yet: mail scanners and chat previews open links too."""
    return HTMLResponse(_rendered(gateway, at, "offer"))


@router.post("/{token}")
@opened_by(Door.LINK)
async def read(
    gateway: CurrentGateway,
    at: CurrentReader,
    form: Annotated[str, Form(alias="as", max_length=10)] = "page",
) -> Response:
    """Show it, or give the file; on record before anything is read."""
    gateway.rates.count(RateKey.MY_DATA, at.person.person)
    who = at.person.person
    await gateway.store.access_trail.read(who, READING, who)
    held = await gateway.store.erasures.held_about(who)
    if form == "json":
        return await asyncio.to_thread(_file, at, held)
    names = await names_known_to(gateway.store, at.person, held)
    page = await asyncio.to_thread(_page, gateway, at, held, names)
    return HTMLResponse(page)


def _page(
    gateway: Gateway, at: DataReader, held: Held, names: Mapping[str, str]
) -> str:
    person, words = at.person, data_words(at.person.locale)
    values = ReadableValues(person.person, person.zone, names, words)
    shown = sections(held, values)
    return _rendered(gateway, at, "data", sections=shown, phrases=words.phrases)


def _rendered(gateway: Gateway, at: DataReader, name: str, **context: Any) -> str:
    template = gateway.templates.get_template(f"my_data/{name}.html.j2")
    person = at.person
    return template.render(
        t=translator(person.locale),
        locale=person.locale,
        zone=person.zone,
        until=times.moment(at.valid_until, person.zone, person.locale),
        wrong=(),
        paused=False,
        helps=False,
        privacy=None,
        my_data=None,
        **context,
    )


def _file(at: DataReader, held: Held) -> Response:
    """The same as `binome export --json`, to be kept or taken elsewhere."""
    document = export_document(at.person.external_id, held)
    attached = {"Content-Disposition": f'attachment; filename="{FILE_NAME}"'}
    return JSONResponse(document, headers=attached)
