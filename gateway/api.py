"""What tools read as JSON: the same numbers as `binome status --json` and the console."""

from typing import Any

from fastapi import APIRouter, Request

from domain.access.permissions import Permission
from gateway.access.current import CurrentUser
from gateway.access.declared import About, needs, signed_in
from gateway.access.route import AccessRoute
from gateway.context import CurrentGateway
from gateway.http.problems import RequestRefused
from schemas.records.status import ProgrammeStatus

router = APIRouter(tags=["programmes"], route_class=AccessRoute)


@router.get("/api/programmes")
@needs(Permission.SEE_PROGRAMME, About.SOMEWHERE)
async def programmes(gateway: CurrentGateway, user: CurrentUser) -> list[str]:
    """Codes of all programmes that the account covers."""
    codes = await gateway.store.programmes.codes()
    return [code for code in codes if user.may_at(Permission.SEE_PROGRAMME, code)]


@router.get("/api/programmes/{programme}/status")
@needs(Permission.SEE_PROGRAMME, About.PROGRAMME)
async def status(gateway: CurrentGateway, programme: str) -> ProgrammeStatus:
    """The state of one programme; no mean of fewer than five people's answers."""
    found = await gateway.store.status.find(programme)
    if found is None:
        raise RequestRefused(
            404, "No programme has this code; GET /api/programmes lists them."
        )
    return found


@router.get("/openapi.json", include_in_schema=False)
@signed_in
async def describe(request: Request) -> dict[str, Any]:
    """What the gateway answers to, for tools: it names every address, so not for everybody."""
    described: dict[str, Any] = request.app.openapi()
    return described
