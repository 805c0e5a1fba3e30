"""What a trusted contact reads: confidential comments, with who wrote them."""

from fastapi import APIRouter, Request
from fastapi.responses import Response

from domain.access.permissions import Permission
from gateway.access.current import CurrentUser
from gateway.access.declared import About, needs
from gateway.console.console_route import ConsoleRoute
from gateway.console.render import page
from gateway.context import CurrentGateway

router = APIRouter(prefix="/comments", route_class=ConsoleRoute)
MOST_COMMENTS = 200


@router.get("")
@needs(Permission.READ_COMMENTS, About.SOMEWHERE)
async def comments(
    request: Request, gateway: CurrentGateway, user: CurrentUser
) -> Response:
    """The newest comments of each region that the account covers; each one read is recorded, by its author."""
    answers = gateway.store.answers
    regions = [
        (programme, region)
        for programme, region in await answers.regions_with_comments()
        if user.may_at(Permission.READ_COMMENTS, programme, region)
    ]
    read = [
        comment
        for programme, region in regions
        for comment in await answers.comments(programme, region, MOST_COMMENTS)
    ]
    for author in sorted({comment.person for comment in read}):
        await gateway.store.access_trail.read(
            user.actor, Permission.READ_COMMENTS.value, author
        )
    return page(request, gateway, "comments", comments=read, most=MOST_COMMENTS)
