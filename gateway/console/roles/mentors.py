"""What a supervisor sees: their own mentors, how far each is, and nothing of what was said."""

from fastapi import APIRouter, Request
from fastapi.responses import Response

from domain.access.permissions import Permission
from gateway.access.current import CurrentUser
from gateway.access.declared import About, needs
from gateway.console.console_route import ConsoleRoute
from gateway.console.render import page
from gateway.context import CurrentGateway

router = APIRouter(prefix="/mentors", route_class=ConsoleRoute)


@router.get("")
@needs(Permission.SEE_MENTORS, About.SOMEWHERE)
async def mentors(
    request: Request, gateway: CurrentGateway, user: CurrentUser
) -> Response:
    """Pairs of mentors whose supervisor the account is, in the places that it covers."""
    pairs = await gateway.store.pairs.supervised_by(user.person) if user.person else []
    shown = [
        each
        for each in pairs
        if user.may_at(Permission.SEE_MENTORS, each.pair.programme, each.pair.region)
    ]
    return page(request, gateway, "mentors", pairs=shown, known=bool(user.person))
