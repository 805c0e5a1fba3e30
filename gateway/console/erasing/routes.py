"""The button that erases a person, for administrators alone."""

import asyncio
from typing import Annotated

from fastapi import APIRouter, Form
from fastapi.responses import Response

from domain.access.permissions import Permission
from domain.erasure.digests import keyed_digest
from gateway.access.current import CurrentUser
from gateway.access.declared import needs
from gateway.caught_mails import remove_mails_naming
from gateway.console.console_route import ConsoleRoute
from gateway.console.deciding import note_decision
from gateway.console.render import back
from gateway.context import CurrentGateway, Gateway
from gateway.http.problems import RequestRefused
from schemas.people import Person

router = APIRouter(prefix="/people/{person_id}", route_class=ConsoleRoute)
LOOKS = 20
LOOK_SECONDS = 0.25
"""Between two looks whether the person's pairs have ended; all together, a few seconds."""


@router.post("/erase")
@needs(Permission.ADMINISTER)
async def erase(
    gateway: CurrentGateway,
    user: CurrentUser,
    person_id: str,
    confirm: Annotated[str, Form(max_length=80)] = "",
) -> Response:
    """Erase somebody for good. Where their pairs take longer to end, pressing again goes on."""
    person = await gateway.store.people.find(person_id)
    if person is None:
        raise RequestRefused(404, "Nobody has this id.")
    if confirm.strip() != person.external_id:
        raise RequestRefused(
            422,
            "Nothing was erased. To confirm, type the id in your organisation that stands on the person's page.",
        )
    await note_decision(gateway, user, person_id, "erase")
    digest = keyed_digest(gateway.options.erasure_key, person.external_id)
    await gateway.store.erasures.begin(person_id, digest, user.actor)
    gateway.dispatcher.wake()
    return back(f"/people/{person_id}", await _carried_out(gateway, person))


async def _carried_out(gateway: Gateway, person: Person) -> str:
    """Returns a code of how far it is."""
    for _ in range(LOOKS):
        if not await gateway.store.erasures.pairs_to_end(person.person):
            break
        await asyncio.sleep(LOOK_SECONDS)
    await _remove_mails(gateway, person)
    erasure = await gateway.store.erasures.carry_out(person)
    if erasure.finished_at is None:
        return "erasing"
    await _remove_mails(gateway, person)
    return "erased"


async def _remove_mails(gateway: Gateway, person: Person) -> None:
    """Those that a catcher kept; before the names go, and once more for those under way meanwhile."""
    if folder := gateway.options.mails_dir:
        names = (person.name, person.email, person.external_id)
        await asyncio.to_thread(remove_mails_naming, folder, names)
