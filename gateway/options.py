"""The settings that the gateway is given when it starts; `workers.settings` fills them."""

from dataclasses import dataclass
from ipaddress import IPv4Network, IPv6Network
from pathlib import Path


@dataclass(frozen=True)
class OpenidOptions:
    """The OpenID provider of the organisation, and what it knows us by."""

    issuer: str
    """Without a slash at the end."""
    client_id: str
    client_secret: str
    login_claim: str = "email"
    """The claim that names an account; `email` counts only where the provider verified it."""


@dataclass(frozen=True)
class GatewayOptions:
    """Settings of one gateway. Addresses have no slash at the end."""

    public_url: str
    """Address at which people and services reach this gateway; links in mails begin
    with it."""
    ui_url: str
    """Address of the Temporal Web UI."""
    link_keys: tuple[bytes, ...]
    """Keys of participants' links; the first signs, all are read."""
    namespace: str = "default"
    mails_dir: Path | None = None
    """Folder of the mail catcher; None: real mail is sent and the console shows none."""
    examples_dir: Path | None = None
    """Folder of programme documents; each becomes a start link."""
    local_password: bool = True
    """Accounts may sign in by a password of ours, and by one-time links."""
    openid: OpenidOptions | None = None
    """None: no sign-in by OpenID."""
    trusted_header: str | None = None
    """Header in which a proxy of the organisation says who asks; None: none is believed."""
    trusted_proxies: tuple[IPv4Network | IPv6Network, ...] = ()
    """From where alone it is believed."""
    sign_out_url: str | None = None
    """Where the organisation's own sign-out is, for those whom the proxy signs in."""
    event_bytes: int = 512 * 1024
    """Largest body of POST /events and of a page's form."""
    people_bytes: int = 40 * 1024 * 1024
    """Largest people file: about 100,000 people."""
    dispatch: bool = True
    """Deliver stored events from this process."""
