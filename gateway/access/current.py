"""Who is signed in, for whatever a route does."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends, Request

from domain.access.permissions import Permission, Place, may, may_somewhere
from schemas.records.access import Account, Grant, SignInWay


@dataclass(frozen=True)
class SignedInUser:
    """The account behind a request."""

    account: Account
    way: SignInWay

    @property
    def actor(self) -> str:
        """The opaque id that decisions carry, into histories too."""
        return self.account.actor

    @property
    def name(self) -> str:
        return self.account.name

    @property
    def person(self) -> str | None:
        """Who it is among the people, if that is known."""
        return self.account.person

    @property
    def grants(self) -> tuple[Grant, ...]:
        return self.account.grants

    def may(self, permission: Permission, places: Iterable[Place]) -> bool:
        return may(self.grants, permission, places)

    def may_at(
        self,
        permission: Permission,
        programme: str | None = None,
        region: str | None = None,
    ) -> bool:
        """Whether a page that shows several places shows this one."""
        return self.may(permission, (Place(programme, region),))

    def may_somewhere(self, permission: Permission) -> bool:
        return may_somewhere(self.grants, permission)


def _user(request: Request) -> SignedInUser:
    user: SignedInUser = request.state.user
    return user


CurrentUser = Annotated[SignedInUser, Depends(_user)]
"""Set by `AccessRoute` before a route that needs an account is called."""
