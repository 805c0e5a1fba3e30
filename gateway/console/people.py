"""People: the list, and the import of a file with a preview first."""

from collections import OrderedDict
from functools import partial
from hashlib import sha256
from secrets import token_hex
from typing import Annotated, NamedTuple

from fastapi import APIRouter, Form, Request, UploadFile
from fastapi.responses import Response

from gateway.console import pausing
from gateway.console.missing import ConsoleRoute
from gateway.console.render import Skip, back, page
from gateway.context import Gateway, Here
from gateway.pages.when import clock_of, day_name
from gateway.problems import Refusal
from gateway.topic_texts import OFFERED, WANTED, topics_text
from schemas.ids import person_scope
from schemas.inbox import PAGE_SOURCE, NewEvent
from schemas.people import ImportOrder, ImportPreview

router = APIRouter(prefix="/people", route_class=ConsoleRoute)
PAGE = 100
SHOWN_PROBLEMS = 200


class Upload(NamedTuple):
    """A file, and how it is to be taken."""

    data: bytes
    order: ImportOrder


class Uploads:
    """Files between preview and confirmation; the last few only, in this process."""

    def __init__(self, most: int = 4) -> None:
        self._files: OrderedDict[str, Upload] = OrderedDict()
        self._most = most

    def keep(self, upload: Upload) -> str:
        data, order = upload
        name = sha256(repr(order).encode() + data).hexdigest()
        self._files[name] = upload
        self._files.move_to_end(name)
        while len(self._files) > self._most:
            self._files.popitem(last=False)
        return name

    def take(self, name: str) -> Upload | None:
        return self._files.pop(name, None)


@router.get("")
async def people(request: Request, gateway: Here, region: str = "", skip: Skip = 0) -> Response:
    counts = await gateway.store.region_counts()
    found = await gateway.store.people(region or None, PAGE + 1, skip)
    return page(
        request,
        gateway,
        "people",
        people=found[:PAGE],
        counts=counts,
        region=region,
        skip=skip,
        more=len(found) > PAGE,
        page_size=PAGE,
    )


@router.get("/{person_id}")
async def person(request: Request, gateway: Here, person_id: str) -> Response:
    """Who is behind a person id, which is all that plans and histories name."""
    found = await gateway.store.person(person_id)
    if found is None:
        raise Refusal(404, "Nobody has this id.")
    names = [found.manager, *found.dotted_managers, found.supervisor, found.delegate]
    others = {each: await gateway.store.person(each) for each in names if each}
    return page(
        request,
        gateway,
        "person",
        person=found,
        offers=topics_text(found.offers, OFFERED),
        wants=topics_text(found.wants, WANTED),
        name_of={each: other.name for each, other in others.items() if other},
        pairs=await gateway.store.live_pairs_of(person_id),
        pause=(await pausing.in_force(gateway, {person_scope(person_id): found.name})).get(person_scope(person_id)),
        once=token_hex(8),
        day_name=partial(day_name, "en"),
        clock_of=clock_of,
    )


@router.post("/{person_id}/pause")
@router.post("/{person_id}/resume")
async def paused(
    request: Request, gateway: Here, person_id: str, once: Annotated[str, Form(max_length=32)] = ""
) -> Response:
    """As an event, like the HR system's: it holds at once, and the person's pairs hear of it. A double click is one."""
    if await gateway.store.person(person_id) is None:
        raise Refusal(404, "Nobody has this id.")
    change = request.url.path.rpartition("/")[2]
    name = sha256(f"{person_id}\n{change}\n{once or token_hex(8)}".encode()).hexdigest()[:32]
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
    await gateway.store.store_events([event])
    gateway.dispatcher.wake()
    return back(f"/people/{person_id}", change)


@router.post("/preview")
async def preview(
    request: Request,
    gateway: Here,
    file: UploadFile,
    columns: UploadFile | None = None,
    leavers: Annotated[bool, Form()] = False,
) -> Response:
    """What the file would change, or everything that is wrong with it; nothing is written."""
    order = ImportOrder(columns=await columns.read() if columns else b"", leavers="few" if leavers else None)
    upload = Upload(await file.read(), order)
    return _preview(request, gateway, await gateway.store.preview_people(*upload), upload)


def _preview(request: Request, gateway: Gateway, found: ImportPreview, upload: Upload) -> Response:
    """Whoever confirms confirms as many leavers as they were shown."""
    if found.leaving and not found.refused:
        upload = upload._replace(order=upload.order.having(leavers=found.absent))
    return page(
        request,
        gateway,
        "people_preview",
        422 if found.problems else 200,
        preview=found,
        upload="" if found.problems else request.app.state.uploads.keep(upload),
        shown=found.problems[:SHOWN_PROBLEMS],
    )


@router.post("/import")
async def confirm(
    request: Request,
    gateway: Here,
    upload: Annotated[str, Form(max_length=64)],
    leave: Annotated[int | None, Form(ge=0)] = None,
) -> Response:
    """`leave` is typed where so many leave that a file cut off is more likely."""
    kept: Upload | None = request.app.state.uploads.take(upload)
    if kept is None:
        return back("/people", "again")
    if leave is not None:
        kept = kept._replace(order=kept.order.having(leavers=leave))
    found = await gateway.store.import_people(*kept)
    gateway.dispatcher.wake()
    wrong = found.problems or found.refused
    return _preview(request, gateway, found, kept) if wrong else back("/people", "imported")
