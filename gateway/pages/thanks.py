"""The address of the thanks for an answer: signed, so that nobody is thanked for what they did not answer."""

from collections.abc import Sequence

from itsdangerous import BadSignature, Signer

SALT = "binome.thanks.v1"


def signed_thanks(keys: Sequence[bytes], token: str, code: str) -> str:
    """Returns what goes into the address behind the link's `token`; `code` says which thanks."""
    return f"{code}.{_signer(keys, token).get_signature(code).decode()}"


def thanks_code(keys: Sequence[bytes], token: str, signed: str) -> str | None:
    """Returns which thanks were signed for this link; None: none were."""
    try:
        return _signer(keys, token).unsign(signed).decode()
    except (BadSignature, UnicodeDecodeError):
        return None


def _signer(keys: Sequence[bytes], token: str) -> Signer:
    # The library signs with the last one; the salt ties the signature to one link.
    return Signer(list(reversed(keys)), salt=f"{SALT}\n{token}")
