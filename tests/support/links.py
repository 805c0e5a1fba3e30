"""The maker and reader of links of a one-machine stack."""

from pathlib import Path

from gateway.links import Links
from workers.secrets import LINKS, derived_key


def links_of_stack(data: Path, public_url: str) -> Links:
    """Signs as the stack does whose data folder is `data`."""
    secret = (data / "secret").read_text().strip()
    return Links([derived_key(secret, LINKS)], public_url)
