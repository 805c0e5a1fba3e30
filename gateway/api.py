"""What tools read as JSON: the same numbers as `binome status --json` and the console."""

from typing import Any

from fastapi import APIRouter, Depends, Request

from gateway.context import CurrentGateway
from gateway.http.problems import RequestRefused
from gateway.http.security import console_only
from schemas.records.status import ProgrammeStatus

router = APIRouter(dependencies=[Depends(console_only)])


@router.get("/openapi.json", include_in_schema=False)
async def openapi(request: Request) -> dict[str, Any]:
    """What the gateway answers to, for tools: it names every address, so not for everybody."""
    described: dict[str, Any] = request.app.openapi()
    return described


@router.get("/api/programmes", tags=["programmes"])
async def programmes(gateway: CurrentGateway) -> list[str]:
    """Returns the codes of all programmes."""
    return await gateway.store.programmes.codes()


@router.get("/api/programmes/{programme}/status", tags=["programmes"])
async def status(gateway: CurrentGateway, programme: str) -> ProgrammeStatus:
    """The state of one programme; no mean of fewer than five people's answers."""
    found = await gateway.store.status.find(programme)
    if found is None:
        raise RequestRefused(
            404, "No programme has this code; GET /api/programmes lists them."
        )
    return found
