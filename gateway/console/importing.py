"""The import of a people file: upload, preview, progress and result at one address."""

from collections.abc import AsyncIterator
from typing import Annotated

from fastapi import APIRouter, Form, Request, UploadFile
from fastapi.responses import Response

from domain.access.permissions import Permission
from domain.people.uploaded_files import LARGEST_QUEUE, TooManyImports
from gateway.access.current import CurrentUser
from gateway.access.declared import needs
from gateway.console import import_texts
from gateway.console.console_route import ConsoleRoute
from gateway.console.deciding import note_decision
from gateway.console.people import listing
from gateway.console.render import back, page
from gateway.context import CurrentGateway
from gateway.imports import PeopleImportRequests
from schemas.ids import LARGEST_INTEGER
from schemas.people import ImportOptions
from schemas.records.people_files import ImportStage, PeopleFile

router = APIRouter(prefix="/people", route_class=ConsoleRoute)
SHOWN_PROBLEMS = 200
PART_BYTES = 1024 * 1024
TOO_MANY_IMPORTS = (
    f"{LARGEST_QUEUE} files are being read or imported, and no more are taken "
    "at once; nothing was taken of yours. Wait until one of them is done, or stop one, and choose your file again."
)


def _imports(request: Request) -> PeopleImportRequests:
    imports: PeopleImportRequests = request.app.state.imports
    return imports


async def _parts(file: UploadFile) -> AsyncIterator[bytes]:
    while data := await file.read(PART_BYTES):
        yield data


@router.post("/preview")
@needs(Permission.CHANGE_PEOPLE)
async def preview(
    request: Request,
    gateway: CurrentGateway,
    file: UploadFile,
    columns: UploadFile | None = None,
    leavers: Annotated[bool, Form()] = False,
) -> Response:
    """Show what a file would change, or everything that is wrong with it; write
    nothing.
    """
    options = ImportOptions(
        columns=await columns.read() if columns else b"",
        leavers="few" if leavers else None,
    )
    try:
        return back(_path(await _imports(request).preview(_parts(file), options)))
    except TooManyImports:
        return await listing(request, gateway, code=409, refused=TOO_MANY_IMPORTS)


@router.post("/import")
@needs(Permission.CHANGE_PEOPLE)
async def confirm(
    request: Request,
    gateway: CurrentGateway,
    user: CurrentUser,
    upload: Annotated[str, Form(max_length=64)],
    leave: Annotated[int | None, Form(ge=0, le=LARGEST_INTEGER)] = None,
) -> Response:
    """Import a file that was previewed.

    So many leavers that a truncated file is likelier need their number typed: `leave`.
    """
    one = await _imports(request).find(upload)
    if one is None:
        return back("/people", "again")
    await note_decision(gateway, user, "people", "import")
    await _imports(request).confirm(one.name, leave)
    return back(_path(one))


@router.get("/imports/{name}")
@needs(Permission.CHANGE_PEOPLE)
async def shown(
    request: Request, gateway: CurrentGateway, name: str, still: bool = False
) -> Response:
    """Show an import's progress or result; with `still` the page does not reload."""
    one = await _imports(request).find(name)
    if one is None:
        return page(request, gateway, "people_gone", 404)
    match one.stage:
        case ImportStage.UNDER_WAY:
            return page(
                request,
                gateway,
                "people_progress",
                one=one,
                texts=import_texts,
                still=still,
            )
        case ImportStage.PREVIEWED:
            assert one.found is not None  # it was previewed
            return page(
                request,
                gateway,
                "people_preview",
                preview=one.found,
                upload=one.name,
                shown=one.found.problems[:SHOWN_PROBLEMS],
            )
        case ImportStage.IMPORTED:
            late = request.query_params.get("done") == "late"
            return back("/people", "late" if late else "imported")
        case ImportStage.STOPPED | ImportStage.FAILED:
            return page(request, gateway, "people_ended", one=one)


@router.post("/imports/{name}/stop")
@needs(Permission.CHANGE_PEOPLE)
async def stop(request: Request, name: str) -> Response:
    """Stop an import, unless it is too late, which the page then says.

    A preview, or an import that failed, is forgotten.
    """
    one = await _imports(request).find(name)
    if one is None:
        return back(f"/people/imports/{name}")
    now = await _imports(request).stop(one)
    if now is None:
        return back("/people")
    return back(_path(now), "late" if now.past_stopping else "")


@router.post("/imports/{name}/again")
@needs(Permission.CHANGE_PEOPLE)
async def again(request: Request, name: str) -> Response:
    """Try a failed import again."""
    await _imports(request).retry(name)
    return back(f"/people/imports/{name}")


def _path(one: PeopleFile) -> str:
    return f"/people/imports/{one.name}"
