"""What a route declares about who may use it; a route that declares nothing cannot be made."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum, auto
from typing import Any, TypeVar

from domain.access.permissions import Permission

Endpoint = TypeVar("Endpoint", bound=Callable[..., Any])


class About(Enum):
    """Where the permission is needed; read off the address, never off a body."""

    INSTALLATION = auto()
    SOMEWHERE = auto()
    """Anywhere: the page shows what the grants cover."""
    PROGRAMME = auto()
    """`programme` in the path."""
    REGION = auto()
    """`programme` and `region` in the path."""
    COHORT = auto()
    """`cohort_id` in the path."""
    PAIR = auto()
    """`pair_id` in the path."""
    PERSON = auto()
    """`person_id` in the path: wherever they are in a pair now."""


class Door(Enum):
    """Routes that no account opens."""

    ANYBODY = auto()
    """Health, files of the pages, sign-in itself."""
    LINK = auto()
    """A participant's signed link; `gateway.pages` reads it."""
    SOURCE = auto()
    """The bearer token of a service; `gateway.events` reads it before the body."""


@dataclass(frozen=True)
class Need:
    """A permission and where it is needed; without one, every account may."""

    permission: Permission | None
    about: About


_DECLARED: dict[Callable[..., Any], Need | Door] = {}


def needs(
    permission: Permission, about: About = About.INSTALLATION
) -> Callable[[Endpoint], Endpoint]:
    """Declare that the route needs a permission."""
    return _declare(Need(permission, about))


def signed_in(endpoint: Endpoint) -> Endpoint:
    """Declare that every account may, whatever it was granted."""
    return _declare(Need(None, About.SOMEWHERE))(endpoint)


def opened_by(door: Door) -> Callable[[Endpoint], Endpoint]:
    """Declare that the route asks for no account."""
    return _declare(door)


def _declare(need: Need | Door) -> Callable[[Endpoint], Endpoint]:
    def declared(endpoint: Endpoint) -> Endpoint:
        _DECLARED[endpoint] = need
        return endpoint

    return declared


def declared_by(endpoint: Callable[..., Any]) -> Need | Door:
    """What a route declares.

    Raises:
        TypeError: nothing; the gateway does not start.
    """
    try:
        return _DECLARED[endpoint]
    except KeyError:
        raise TypeError(
            f"{endpoint.__module__}.{endpoint.__qualname__} declares nothing about who may use it; "
            "see gateway/access/declared.py"
        ) from None
