"""The settings that the gateway is given when it starts; `workers.settings` fills them."""

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class GatewayOptions:
    """Settings of one gateway. Addresses have no slash at the end."""

    public_url: str
    """Address at which people and services reach this gateway; links in mails begin
    with it."""
    ui_url: str
    """Address of the Temporal Web UI."""
    secret: str
    """Key that signs the links of participants."""
    namespace: str = "default"
    mails_dir: Path | None = None
    """Folder of the mail catcher; None: real mail is sent and the console shows none."""
    examples_dir: Path | None = None
    """Folder of programme documents; each becomes a start link."""
    console_token: str | None = None
    """Password of the console for those who do not come from this machine; None: nobody else may."""
    event_bytes: int = 512 * 1024
    """Largest body of POST /events and of a page's form."""
    people_bytes: int = 40 * 1024 * 1024
    """Largest people file: about 100,000 people."""
    dispatch: bool = True
    """Deliver stored events from this process."""
