"""What tools read as JSON: the same numbers as `binome status --json` and the console."""

from fastapi import APIRouter, Depends

from gateway.context import CurrentGateway
from gateway.http.problems import RequestRefused
from gateway.http.security import console_only
from schemas.records.status import ProgrammeStatus

router = APIRouter(
    prefix="/api", tags=["programmes"], dependencies=[Depends(console_only)]
)


@router.get("/programmes")
async def programmes(gateway: CurrentGateway) -> list[str]:
    """Returns the codes of all programmes."""
    return await gateway.store.programmes.codes()


@router.get("/programmes/{programme}/status")
async def status(gateway: CurrentGateway, programme: str) -> ProgrammeStatus:
    """The state of one programme; no mean of fewer than five people's answers."""
    found = await gateway.store.status.find(programme)
    if found is None:
        raise RequestRefused(
            404, "No programme has this code; GET /api/programmes lists them."
        )
    return found
