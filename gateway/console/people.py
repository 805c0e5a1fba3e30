"""People: the list, and each by their id."""

from functools import partial
from hashlib import sha256
from secrets import token_hex
from typing import Annotated

from fastapi import APIRouter, Form, Request
from fastapi.responses import Response

from domain.access.permissions import Permission
from gateway.access.current import CurrentUser
from gateway.access.declared import About, needs
from gateway.closing_links import close_links
from gateway.console import import_texts, pausing
from gateway.console.console_route import ConsoleRoute
from gateway.console.deciding import note_decision
from gateway.console.render import After, back, page
from gateway.context import CurrentGateway, Gateway
from gateway.http.problems import RequestRefused
from gateway.texts.times import clock_of, day_name
from gateway.texts.topic_texts import LEVELS_OFFERED, LEVELS_WANTED, topics_text
from schemas.ids import person_scope
from schemas.records.inbox import PAGE_SOURCE, NewEvent

router = APIRouter(prefix="/people", route_class=ConsoleRoute)
PAGE_SIZE = 100


@router.get("")
@needs(Permission.SEE_PEOPLE)
async def people(
    request: Request, gateway: CurrentGateway, region: str = "", after: After = ""
) -> Response:
    return await listing(request, gateway, region, after)


async def listing(
    request: Request,
    gateway: Gateway,
    region: str = "",
    after: str = "",
    *,
    search_words: str = "",
    code: int = 200,
    refused: str | None = None,
) -> Response:
    """Show people, imports under way, and the form for a file.

    Args:
        search_words: show whoever is found by these words, instead of a page of all.
        refused: why a file was not accepted.
    """
    store = gateway.store
    found = await (
        store.people.search(search_words, PAGE_SIZE + 1)
        if search_words
        else store.people.in_region(region or None, PAGE_SIZE + 1, after)
    )
    return page(
        request,
        gateway,
        "people",
        code,
        refused=refused,
        people=found[:PAGE_SIZE],
        imports={
            one.name: import_texts.headline(one)
            for one in await request.app.state.imports.waiting()
        },
        counts=await store.people.role_counts(),
        region=region,
        search_words=search_words,
        after=after,
        next=found[PAGE_SIZE - 1].person if len(found) > PAGE_SIZE else "",
        page_size=PAGE_SIZE,
    )


@router.post("/find")
@needs(Permission.SEE_PEOPLE)
async def find(
    request: Request,
    gateway: CurrentGateway,
    who: Annotated[str, Form(max_length=200)] = "",
) -> Response:
    """Search people by words of their names.

    It is a POST, since proxies and browsers keep addresses, and names must not be there.
    """
    search_words = " ".join(who.replace("\0", " ").split())
    return await listing(request, gateway, search_words=search_words)


@router.get("/find")
@needs(Permission.SEE_PEOPLE)
async def reload_search() -> Response:
    """Redirect to the list, as a reloaded search has no words."""
    return back("/people")


@router.get("/{person_id}")
@needs(Permission.SEE_PEOPLE, About.PERSON)
async def person(request: Request, gateway: CurrentGateway, person_id: str) -> Response:
    """Show the person behind a person id, which is all that plans and histories name."""
    found = await gateway.store.people.find(person_id)
    if found is None:
        raise RequestRefused(404, "Nobody has this id.")
    names = [found.manager, *found.dotted_managers, found.supervisor, found.delegate]
    others = {each: await gateway.store.people.find(each) for each in names if each}
    return page(
        request,
        gateway,
        "person",
        person=found,
        offers=topics_text(found.offers, LEVELS_OFFERED),
        wants=topics_text(found.wants, LEVELS_WANTED),
        name_of={each: other.name for each, other in others.items() if other},
        pairs=await gateway.store.pairs.live_of(person_id),
        pause=(
            await pausing.in_force(gateway, {person_scope(person_id): found.name})
        ).get(person_scope(person_id)),
        once=token_hex(8),
        day_name=partial(day_name, "en"),
        clock_of=clock_of,
    )


@router.post("/{person_id}/links/close")
@needs(Permission.CHANGE_PEOPLE, About.PERSON)
async def close_all_links(
    gateway: CurrentGateway, user: CurrentUser, person_id: str
) -> Response:
    """Close every link that the person has, and mail the current ones to their address."""
    found = await gateway.store.people.find(person_id)
    if found is None:
        raise RequestRefused(404, "Nobody has this id.")
    await note_decision(gateway, user, person_id, "close_links")
    await close_links(gateway.store, found, user.actor, gateway.now())
    return back(f"/people/{person_id}", "links")


@router.post("/{person_id}/pause")
@router.post("/{person_id}/resume")
@needs(Permission.CHANGE_PEOPLE, About.PERSON)
async def pause_or_resume(
    request: Request,
    gateway: CurrentGateway,
    user: CurrentUser,
    person_id: str,
    once: Annotated[str, Form(max_length=32)] = "",
) -> Response:
    """Store an event like the HR system's: it holds at once and reaches the person's pairs.

    A double click is one event.
    """
    if await gateway.store.people.find(person_id) is None:
        raise RequestRefused(404, "Nobody has this id.")
    change = request.url.path.rpartition("/")[2]
    name = sha256(
        f"{person_id}\n{change}\n{once or token_hex(8)}".encode()
    ).hexdigest()[:32]
    event = NewEvent(
        key="e" + name,
        source=PAGE_SOURCE,
        event_id=name,
        type=f"binome.person_{change}d.v1",
        kind="directives_changed",
        person=person_id,
        occurred_at=gateway.now(),
        pause=change == "pause",
    )
    await note_decision(gateway, user, person_id, change)
    await gateway.store.inbox.store([event])
    gateway.dispatcher.wake()
    return back(f"/people/{person_id}", change)
