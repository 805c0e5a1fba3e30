"""ID tokens that must not be believed, each wrong in one thing."""

import hmac
import json
from base64 import urlsafe_b64encode
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import pytest
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet, OctKey, RSAKey

from gateway.access.openid import OpenidProvider
from gateway.options import OpenidOptions

ISSUER, CLIENT = "https://id.example", "binome"
KEY = RSAKey.generate_key(2048, {"kid": "1"})
OTHER = RSAKey.generate_key(2048, {"kid": "1"})
KEYS = KeySet([KEY])
NOW = int(datetime.now(UTC).timestamp())
GOOD: dict[str, Any] = {
    "iss": ISSUER,
    "aud": CLIENT,
    "sub": "7",
    "iat": NOW,
    "exp": NOW + 600,
    "nonce": "n",
    "email": "olga@example.org",
    "email_verified": True,
}


def login_of(
    payload: Mapping[str, Any],
    key: RSAKey | OctKey = KEY,
    algorithm: str = "RS256",
    login_claim: str = "email",
) -> str | None:
    signed = jwt.encode(
        {"alg": algorithm, "kid": "1"}, dict(payload), key, algorithms=[algorithm]
    )
    return login_in(signed, login_claim)


def login_in(signed: str, login_claim: str = "email") -> str | None:
    options = OpenidOptions(ISSUER, CLIENT, "secret", login_claim)
    provider = OpenidProvider(options, "https://mentoring.example")
    provider._metadata = {"issuer": ISSUER}
    return provider._verified({"id_token": signed}, KEYS, "n").login


def test_a_token_that_is_right_names_the_account() -> None:
    assert login_of(GOOD) == "olga@example.org"


@pytest.mark.parametrize(
    "changed",
    [
        {"iss": "https://evil.example"},
        {"aud": "another"},
        {"aud": ["another"]},
        {"aud": [CLIENT, "another"], "azp": "another"},
        {"exp": NOW - 3600},
        {"iat": NOW + 3600},
        {"nonce": "another"},
        {"nonce": None},
        {"sub": None},
        {"exp": None},
    ],
)
def test_a_token_that_is_wrong_in_one_thing_is_refused(
    changed: dict[str, Any],
) -> None:
    payload = {k: v for k, v in {**GOOD, **changed}.items() if v is not None}
    with pytest.raises((JoseError, KeyError)):
        login_of(payload)


def test_a_token_of_another_key_is_refused() -> None:
    with pytest.raises(JoseError):
        login_of(GOOD, OTHER)


def packed(content: bytes) -> str:
    return urlsafe_b64encode(content).rstrip(b"=").decode()


def test_the_public_key_is_no_secret_to_sign_with() -> None:
    parts = ({"alg": "HS256", "kid": "1"}, GOOD)
    content = ".".join(packed(json.dumps(part).encode()) for part in parts)
    key = KEY.as_pem(private=False)
    signature = hmac.digest(key, content.encode(), "sha256")
    with pytest.raises(JoseError):
        login_in(f"{content}.{packed(signature)}")


def test_a_token_without_a_signature_is_refused() -> None:
    with pytest.raises(JoseError):
        login_of(GOOD, OctKey.import_key("x"), "none")


@pytest.mark.parametrize(
    ("payload", "claim", "login"),
    [
        ({**GOOD, "email_verified": False}, "email", None),
        ({k: v for k, v in GOOD.items() if k != "email_verified"}, "email", None),
        ({**GOOD, "email_verified": "true"}, "email", None),
        ({**GOOD, "upn": "olga"}, "upn", "olga"),
        (GOOD, "upn", None),
    ],
)
def test_the_login_is_a_claim_that_the_provider_answers_for(
    payload: dict[str, Any], claim: str, login: str | None
) -> None:
    assert login_of(payload, login_claim=claim) == login
