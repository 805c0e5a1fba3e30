"""What an OpenID provider says of somebody, or why it says nothing."""

from typing import NamedTuple


class OpenidFailed(Exception):
    """The provider does not answer, or what it says is not to be believed; the text says which."""


class OpenidIdentity(NamedTuple):
    """Whom the provider vouches for."""

    subject: str
    """Issuer and subject: stays the same when a name or an address changes."""
    login: str | None
    """From the claim that the settings name; None: missing, or an address that is not verified."""
