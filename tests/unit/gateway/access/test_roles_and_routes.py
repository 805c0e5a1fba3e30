"""Every route of the gateway, with every role in every scope: who is let in, who is not, who is asked to sign in."""

from collections.abc import Iterator
from functools import cache
from itertools import product

import pytest
from fastapi.routing import APIRoute, iter_route_contexts

from domain.access.permissions import PERMISSIONS, Permission
from gateway.access.declared import About, Door, Need, declared_by
from gateway.access.route import AccessRoute
from gateway.app import build_app
from gateway.options import GatewayOptions
from schemas.records.access import AccountRole, Grant
from tests.support.lives import MENTOR
from tests.unit.gateway.factories import PAIR_ID, house, matched
from tests.unit.gateway.fakes.store import FakeStore
from tests.unit.gateway.fakes.workflows import FakeWorkflows

OPEN = {
    ("GET", "/healthz"),
    ("GET", "/readyz"),
    ("GET", "/robots.txt"),
    ("GET", "/favicon.ico"),
    ("GET", "/sign-in"),
    ("POST", "/sign-in"),
    ("GET", "/sign-in/link/{token}"),
    ("POST", "/sign-in/link/{token}"),
    ("GET", "/sign-in/openid"),
    ("GET", "/sign-in/openid/callback"),
    ("GET", "/q/{token}"),
    ("POST", "/q/{token}"),
    ("POST", "/q/{token}/links"),
    ("POST", "/q/{token}/my-data"),
    ("GET", "/my-data/{token}"),
    ("POST", "/my-data/{token}"),
    ("POST", "/events"),
    ("OPTIONS", "/events"),
    ("GET", "/events/{key}"),
}
"""Routes without an account: a new one is added here by somebody who has thought about it."""
PATH = {
    "{programme}": "demo",
    "{region}": "comex",
    "{cohort_id}": "cohort:demo:comex:1",
    "{pair_id}": PAIR_ID,
    "{person_id}": MENTOR,
    "{number}": "1",
    "{verb}": "rerun",
    "{name}": "x",
    "{login}": "olga",
    "{token}": "x",
    "{key}": "x",
}
SCOPES = {
    "everywhere": (None, None),
    "its programme": ("demo", None),
    "its region": ("demo", "comex"),
    "another region": ("demo", "ouest"),
    "another programme": ("other", None),
}
COVERS = {
    About.INSTALLATION: {"everywhere"},
    About.SOMEWHERE: set(SCOPES),
    About.PROGRAMME: {"everywhere", "its programme"},
    About.REGION: {"everywhere", "its programme", "its region"},
    About.COHORT: {"everywhere", "its programme", "its region"},
    About.PAIR: {"everywhere", "its programme", "its region"},
    About.PERSON: {"everywhere", "its programme", "its region"},
}


@cache
def routes() -> tuple[tuple[str, str, Need | Door], ...]:
    """(method, path, what it declares) of every route but the files of the pages."""
    options = GatewayOptions(
        "http://localhost",
        "http://localhost:8233",
        (b"a key of 32 bytes for the tests.",),
    )
    app = build_app(FakeStore(), FakeWorkflows(), options)  # type: ignore[arg-type]
    return tuple(sorted(_routes_of(app.routes), key=repr))


def _routes_of(found: object) -> Iterator[tuple[str, str, Need | Door]]:
    for context in iter_route_contexts(found):  # type: ignore[arg-type]
        if getattr(context.original_route, "path", "") == "/static":
            continue
        assert isinstance(context.original_route, APIRoute)
        assert isinstance(context.original_route, AccessRoute), context.path
        assert context.endpoint and context.path
        for method in context.methods or ():
            yield method, context.path, declared_by(context.endpoint)


def test_every_route_declares_who_may_and_only_those_known_are_open() -> None:
    assert {
        (method, path) for method, path, need in routes() if isinstance(need, Door)
    } == OPEN


def test_a_route_that_declares_nothing_cannot_be_made() -> None:
    async def forgotten() -> None: ...

    with pytest.raises(TypeError, match="declares nothing"):
        AccessRoute("/forgotten", forgotten)


CASES = list(product(AccountRole, SCOPES))


@pytest.mark.parametrize(("role", "scope"), CASES)
async def test_a_role_in_a_scope_reaches_what_it_covers_and_nothing_else(
    role: AccountRole, scope: str
) -> None:
    programme, region = SCOPES[scope]
    grant = Grant(role=role, programme=programme, region=region)
    wrong = []
    async with house(grants=(grant,)) as made:
        made.put(matched())
        for method, path, need in routes():
            if isinstance(need, Door):
                continue
            answer = await made.browser.request(method, _filled(path))
            expected = _allowed(role, scope, need)
            if (answer.status_code != 403) is not expected:
                wrong.append((method, path, answer.status_code))
            await made.sign_in(grant)  # one of the routes signs out
    assert wrong == []


def _allowed(role: AccountRole, scope: str, need: Need) -> bool:
    if need.permission is None:
        return True
    return need.permission in PERMISSIONS[role] and scope in COVERS[need.about]


def _filled(path: str) -> str:
    for name, value in PATH.items():
        path = path.replace(name, value)
    assert "{" not in path, path
    return path


async def test_nobody_who_is_not_signed_in_reaches_anything() -> None:
    reached = []
    async with house(grants=None) as made:
        made.put(matched())
        for method, path, need in routes():
            if isinstance(need, Need):
                answer = await made.browser.request(method, _filled(path))
                if answer.status_code != 401:
                    reached.append((method, path, answer.status_code))
    assert reached == []


@pytest.mark.parametrize("permission", Permission)
def test_every_permission_opens_something(permission: Permission) -> None:
    needs = [need for _, _, need in routes() if isinstance(need, Need)]
    assert permission in {need.permission for need in needs}
