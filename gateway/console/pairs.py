"""One pair: where it stands, and what happened and why."""

from fastapi import APIRouter, Request
from fastapi.responses import Response

from gateway.console.render import page
from gateway.context import Here
from gateway.problems import Refusal

router = APIRouter()


@router.get("/pairs/{pair_id}")
async def pair(request: Request, gateway: Here, pair_id: str) -> Response:
    detail = await gateway.store.pair_detail(pair_id)
    if detail is None:
        raise Refusal(404, "No pair has this id.")
    return page(
        request,
        gateway,
        "pair",
        detail=detail,
        ledger=await gateway.store.ledger(pair_id),
        zone=detail.state.calendar.zone if detail.state else "UTC",
    )
