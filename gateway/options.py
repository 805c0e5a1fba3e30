"""The settings that the gateway is given when it starts; `workers.settings` fills them."""

from dataclasses import dataclass, field
from ipaddress import IPv4Network, IPv6Network
from pathlib import Path

from gateway.edge.rates import RATES, Rates


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
    pulse_key: bytes = b""
    """Key behind the ids of pulses and concerns, from which nobody else can tell whose they are."""
    erasure_key: bytes = b""
    """Key of the digests that name people on receipts of erasures."""
    source_keys: tuple[bytes, ...] = ()
    """Keys that open the secrets of services which sign what they send."""
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
    console_url: str | None = None
    """Where the console is reached; None: where people and services reach the gateway."""
    console_port: int | None = None
    """Port of the listener that has console and API to itself; None: one listener has all."""
    hosts: tuple[str, ...] = ()
    """Host names besides those of the addresses above, and the loopback ones."""
    proxies: tuple[str, ...] = ()
    """Addresses and networks of proxies whose `X-Forwarded-For` is believed."""
    rates: Rates = field(default_factory=lambda: RATES)
    page_bytes: int = 128 * 1024
    """Largest form of a participant: an idea and a comment, 4,000 characters each, all escaped."""
    form_bytes: int = 256 * 1024
    """Largest form of the console: a thousand matches, or a message of 60,000 characters, most escaped."""
    event_bytes: int = 512 * 1024
    """Largest body of POST /events."""
    people_bytes: int = 40 * 1024 * 1024
    """Largest people file: about 100,000 people."""
    dispatch: bool = True
    """Deliver stored events from this process."""

    @property
    def console_address(self) -> str:
        """Where the console is reached, whether it has an address of its own or not."""
        return self.console_url or self.public_url

    @property
    def console_has_tls(self) -> bool:
        return self.console_address.startswith("https://")
