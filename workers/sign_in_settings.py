"""Settings about who may use the console, and how they show who they are."""

from ipaddress import IPv4Network, IPv6Network, ip_network
from typing import Annotated

from pydantic import (
    AfterValidator,
    Field,
    SecretStr,
    StringConstraints,
    ValidationInfo,
    field_validator,
)
from pydantic_core import PydanticCustomError
from pydantic_settings import BaseSettings

Address = Annotated[str, StringConstraints(pattern=r"^https?://[^/\s][^\s]*[^/\s]$")]
"""An http(s) address without a slash at the end."""


def networks(text: str) -> tuple[IPv4Network | IPv6Network, ...]:
    """Addresses or networks, separated by spaces; raises ValueError for anything else."""
    return tuple(ip_network(each) for each in text.split())


def _networks_text(text: str, info: ValidationInfo) -> str:
    try:
        found = networks(text)
    except ValueError:
        raise PydanticCustomError("network", "not an address") from None
    if info.data.get("trusted_header") and not found:
        raise PydanticCustomError("missing", "no header is believed from everywhere")
    return text


class SignInSettings(BaseSettings):
    """The part of the settings that is about accounts."""

    local_password: bool = True
    """Accounts may sign in to the console by a password kept here, and by one-time links; `false` where OpenID or a
    proxy does it."""
    oidc_issuer: Address | None = None
    """Issuer of the organisation's OpenID provider; the console then offers sign-in by it."""
    oidc_client_id: str | None = None
    oidc_client_secret: SecretStr | None = Field(default=None, validate_default=True)
    """With the issuer and the client id, or none of the three."""
    oidc_login_claim: str = "email"
    """The claim that names the account; `email` counts only where the provider says that it verified it."""
    trusted_header: (
        Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9-]{1,60}$")] | None
    ) = None
    """Header in which a proxy of the organisation says who asks, such as `Remote-User`."""
    trusted_proxies: Annotated[str, AfterValidator(_networks_text)] = Field(
        default="", validate_default=True
    )
    """Addresses or networks, separated by spaces, from which alone that header is believed."""
    sign_out_url: Address | None = None
    """Where whoever the proxy signed in signs out."""

    @field_validator("oidc_client_secret")
    @classmethod
    def _all_three(
        cls, client_secret: SecretStr | None, info: ValidationInfo
    ) -> SecretStr | None:
        three = (
            info.data.get("oidc_issuer"),
            info.data.get("oidc_client_id"),
            client_secret,
        )
        if any(three) and not all(three):
            raise PydanticCustomError("alone", "only together with the others")
        return client_secret
