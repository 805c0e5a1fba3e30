"""Bearer tokens, links and cookies, of which only a hash is kept."""

from hashlib import sha256


def hash_of_token(token: str) -> bytes:
    """What is kept in place of a token: enough to know it again, and to nobody else of use."""
    return sha256(token.encode()).digest()
