"""Whether the packages of `binome[stack]` are installed; nothing else of Binôme needs them."""

from importlib.util import find_spec

from binome.errors import NotInstalled
from binome.stack import postgres, temporal


def check_installed() -> None:
    """Look for all of them before anything is started.

    Raises:
        NotInstalled: naming the first that is missing, and how to install them all.
    """
    postgres.package()
    temporal.program()
    if find_spec("aiosmtpd") is None:
        raise NotInstalled("aiosmtpd")
