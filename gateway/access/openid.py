"""Sign-in by an OpenID provider: authorization code with PKCE, state and nonce; the ID token is verified."""

import secrets
from datetime import datetime
from typing import Any, NamedTuple

import httpx
from authlib.common.errors import AuthlibBaseError
from authlib.integrations.httpx_client import AsyncOAuth2Client
from authlib.oidc.core import CodeIDToken
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from activities.persistence.accounts.sign_ins import OpenidRequest
from gateway.access.openid_identity import OpenidFailed, OpenidIdentity
from gateway.options import OpenidOptions

SCOPE = "openid email profile"
ALGORITHMS = ["RS256", "PS256", "ES256"]
"""Signatures by a key pair; never `none`, and no secret that both know."""
CLOCK_SKEW_SECONDS = 60
PROVIDER_SECONDS = 10.0


class OpenidJourney(NamedTuple):
    """A browser that is being sent to the provider."""

    url: str
    state: str
    request: OpenidRequest


class OpenidProvider:
    """One provider, known by its issuer; its addresses and keys are read when they are needed."""

    def __init__(self, options: OpenidOptions, console_address: str) -> None:
        self._options = options
        self._redirect_uri = f"{console_address}/sign-in/openid/callback"
        self._metadata: dict[str, Any] | None = None

    async def begin(self, page: str, now: datetime) -> OpenidJourney:
        """Where to send a browser that wants to go on to `page`.

        Raises:
            OpenidFailed: the provider does not answer.
        """
        metadata = await self._discovered()
        request = OpenidRequest(
            secrets.token_urlsafe(24), secrets.token_urlsafe(48), page, now
        )
        async with self._client() as client:
            url, state = client.create_authorization_url(
                metadata["authorization_endpoint"],
                nonce=request.nonce,
                code_verifier=request.verifier,
            )
        return OpenidJourney(url, state, request)

    async def identity(self, code: str, request: OpenidRequest) -> OpenidIdentity:
        """Exchange the code that the browser brought back.

        Raises:
            OpenidFailed: see there.
        """
        metadata = await self._discovered()
        try:
            async with self._client() as client:
                token = await client.fetch_token(
                    metadata["token_endpoint"],
                    grant_type="authorization_code",
                    code=code,
                    code_verifier=request.verifier,
                )
                found = await self._json(metadata["jwks_uri"])
                keys = KeySet.import_key_set({"keys": found["keys"]})
            return self._verified(token, keys, request.nonce)
        except (
            AuthlibBaseError,
            JoseError,
            httpx.HTTPError,
            KeyError,
            ValueError,
            TypeError,
        ) as error:
            raise OpenidFailed(f"its answer was refused ({_kind(error)})") from None

    def _verified(
        self, token: dict[str, Any], keys: KeySet, nonce: str
    ) -> OpenidIdentity:
        signed = jwt.decode(token["id_token"], keys, algorithms=ALGORITHMS)
        issuer, client_id = self._options.issuer, self._options.client_id
        claims = CodeIDToken(
            signed.claims,
            signed.header,
            {
                "iss": {"essential": True, "value": self._issuer()},
                "aud": {"essential": True, "value": client_id},
            },
            {
                "nonce": nonce,
                "client_id": client_id,
                "access_token": token.get("access_token"),
            },
        )
        claims.validate(leeway=CLOCK_SKEW_SECONDS)
        return OpenidIdentity(f"{issuer} {claims['sub']}", self._login(claims))

    def _login(self, claims: CodeIDToken) -> str | None:
        """Anybody may claim an address that the provider did not verify."""
        name = self._options.login_claim
        if name == "email" and claims.get("email_verified") is not True:
            return None
        said = claims.get(name)
        return said if isinstance(said, str) and said else None

    def _issuer(self) -> str:
        assert self._metadata is not None  # discovered before
        issuer: str = self._metadata["issuer"]
        return issuer

    async def _discovered(self) -> dict[str, Any]:
        if self._metadata is None:
            address = f"{self._options.issuer}/.well-known/openid-configuration"
            try:
                found = await self._json(address)
            except (httpx.HTTPError, ValueError) as error:
                raise OpenidFailed(f"it does not answer ({_kind(error)})") from None
            if str(found.get("issuer", "")).rstrip("/") != self._options.issuer:
                raise OpenidFailed("it names another issuer than BINOME_OIDC_ISSUER")
            self._metadata = found
        return self._metadata

    async def _json(self, url: str) -> dict[str, Any]:
        async with httpx.AsyncClient(timeout=PROVIDER_SECONDS) as client:
            answer = (await client.get(url)).raise_for_status()
            found: dict[str, Any] = answer.json()
            return found

    def _client(self) -> AsyncOAuth2Client:
        return AsyncOAuth2Client(
            self._options.client_id,
            self._options.client_secret,
            scope=SCOPE,
            redirect_uri=self._redirect_uri,
            code_challenge_method="S256",
            timeout=PROVIDER_SECONDS,
        )


def _kind(error: Exception) -> str:
    """Its kind, and never its text: that may repeat what was sent."""
    return type(error).__name__
