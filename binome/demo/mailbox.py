"""The mails that arrive: who got them, and the links in them. Which ones were read is kept beside them."""

from dataclasses import dataclass
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default as modern
from pathlib import Path
from urllib.parse import urlsplit

FOOTER = "-" * 20
"""Below it are the reasons for the mail and the call for help, which nobody here clicks by accident."""


@dataclass(frozen=True)
class Mail:
    """The parts of a mail that its reader acts on."""

    name: str
    to: str
    links: tuple[str, ...]
    """Their paths: a gateway that was started again on another port is where they lead now."""


class Mailbox:
    """The catcher's folder. File names sort by arrival; one with a dot before it is still being written."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._journal = folder / ".read"
        self._known = (
            set(self._journal.read_text().split())
            if self._journal.exists()
            else set[str]()
        )

    def arrived(self) -> list[Mail]:
        """Mails that were not read before, in the order of their arrival."""
        names = sorted(
            {path.name for path in self._folder.glob("[!.]*.eml")} - self._known
        )
        self._known.update(names)
        return [_read(self._folder / name) for name in names]

    def done(self, mail: Mail) -> None:
        """Note a mail as read, also for when the demo is started again."""
        with self._journal.open("a") as journal:
            journal.write(f"{mail.name}\n")

    def __len__(self) -> int:
        return len(self._known)


def _read(path: Path) -> Mail:
    mail = message_from_bytes(path.read_bytes(), policy=modern)
    assert isinstance(mail, EmailMessage)
    text = mail.get_body(("plain",))
    lines = str(text.get_content()).splitlines() if text else []
    ends = next(
        (number for number, line in enumerate(lines) if line.startswith(FOOTER)),
        len(lines),
    )
    addresses = (
        urlsplit(line.strip())
        for line in lines[:ends]
        if line.startswith(("http://", "https://"))
    )
    links = dict.fromkeys(
        address.path for address in addresses if address.path.startswith("/q/")
    )
    return Mail(path.name, str(mail["To"].addresses[0].addr_spec), tuple(links))
