"""Every setting, from the environment: `BINOME_` and the name below in capitals. Temporal's own are `TEMPORAL_*`.

Any of them may stand in a file instead, whose name is in `BINOME_…_FILE`: so secrets stay out of the environment.
"""

import os
from collections.abc import Mapping
from datetime import timedelta
from ipaddress import ip_network
from pathlib import Path
from typing import Annotated, Any
from urllib.parse import quote, urlsplit, urlunsplit

from pydantic import (
    Field,
    SecretStr,
    StringConstraints,
    ValidationError,
    ValidationInfo,
    field_validator,
)
from pydantic_core import PydanticCustomError, to_jsonable_python
from pydantic_settings import SettingsConfigDict

from schemas.time.durations import Duration
from workers.limit_settings import LimitSettings
from workers.observing.observing_settings import ObservingSettings, Port
from workers.sign_in_settings import Address, SignInSettings

PREFIX = "BINOME_"
SECRET_CHARACTERS = 32
"""Fewest characters of a secret."""
PLAIN = "plain"
"""In the place of the first payload key: new payloads are not encrypted."""
MOST_PAYLOAD_KEYS = 20
EXAMPLES = Path(__file__).parent.parent / "examples"
"""Programme documents that are shipped; also templates that a document may name."""

DatabaseUrl = Annotated[str, StringConstraints(pattern=r"^postgres(ql)?://\S+$")]
DeploymentName = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_-]{1,100}$")]
"""Without a point: Temporal writes a version as NAME.BUILD."""
BuildId = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9._+-]{1,100}$")]
Keep = Annotated[Duration, Field(ge=timedelta(days=1))]
"""How long something is kept: a day at least, ten years at most."""


class Settings(SignInSettings, LimitSettings, ObservingSettings):
    """All settings of a process. `load_settings` reads them, and says what is wrong."""

    model_config = SettingsConfigDict(
        env_prefix=PREFIX, extra="ignore", frozen=True, hide_input_in_errors=True
    )

    database_url: DatabaseUrl
    """Address of PostgreSQL: postgresql://USER:PASSWORD@HOST:PORT/DATABASE; without PASSWORD, that of
    `database_password`."""
    database_password: SecretStr | None = None
    secret: Annotated[SecretStr, Field(min_length=SECRET_CHARACTERS)]
    """Its derived keys (`workers/secrets.py`) sign the links of participants; at least 32 characters. To change it,
    move the old one to `older_secrets`: without that every link sent so far is closed."""
    older_secrets: SecretStr = SecretStr("")
    """Secrets of earlier times, newest first, with spaces between them; still read, and used for nothing new."""
    payload_keys: SecretStr = SecretStr("")
    """Keys that encrypt what Temporal keeps, with spaces between them: the first encrypts, all decrypt. `plain` in
    the first place: new payloads are not encrypted, the keys behind it decrypt. None: nothing is encrypted."""
    public_url: Address = "http://127.0.0.1:8080"
    """Address at which participants and services reach the gateway; links in mails
    begin with it."""
    ui_url: Address = "http://127.0.0.1:8233"
    """The Temporal Web UI; links on the console and in answers begin with it."""
    host: str = "127.0.0.1"
    """Address on which the gateway listens. The loopback one by default: put a proxy with TLS before it."""
    port: Port = 8080
    """Port on which the gateway listens."""
    console_host: str = "127.0.0.1"
    """Address on which console and API listen, where they have a listener of their own."""
    console_port: Port | None = None
    """Port of a listener for console and API alone; `port` then is for participants and services. None: `port` has
    all of it."""
    console_url: Address | None = None
    """Where the console is reached; links to it in mails begin with it. None: `public_url`, or with a `console_port`
    that port on this machine."""
    hosts: str = ""
    """Host names under which the gateway answers besides those of its addresses, with spaces between them."""
    proxies: str = ""
    """Addresses and networks of proxies whose `X-Forwarded-For` is believed, with spaces between them."""
    smtp_host: str = "127.0.0.1"
    smtp_port: Port = 25
    smtp_username: str | None = None
    smtp_password: SecretStr | None = None
    smtp_starttls: bool = True
    """Go over to TLS before anything is sent; a server that cannot is not used. Port 465 has TLS from the start."""
    smtp_per_second: Annotated[float, Field(gt=0)] | None = None
    """Most mails a second that the server is given; as fast as it takes them when not set."""
    catcher_host: str | None = None
    """Mail server for rehearsals, whose mails reach nobody; without it, and without `mails_dir`, they are not sent."""
    catcher_port: Port = 8025
    mail_from: Annotated[str, StringConstraints(pattern=r"^[^@\s]+@[^@\s]+$")] = (
        "mentoring@localhost"
    )
    """Address that mails come from; a programme's `sender` replaces the part before the @."""
    mails_dir: Path | None = None
    """Folder of the mail catcher, for the console to show; none where real mail is sent."""
    examples_dir: Path | None = None
    """Folder of programme documents that the console offers to start from."""
    reconcile_every: Annotated[Duration, Field(ge=timedelta(seconds=10))] = timedelta(
        minutes=5
    )
    """Wall time between two runs of the reconciler, such as `5 minutes`; at least 10 seconds."""
    archive_after: Keep = timedelta(days=90)
    """Wall time after which ledger, notices and events of a pair that closed are archived."""
    keep_archive: Keep = timedelta(days=3 * 365)
    """Wall time for which a month of the archive is kept."""
    keep_words: Keep = timedelta(days=365)
    """Wall time for which ideas and comments are kept, and marks that are in a release."""
    keep_leavers: Keep = timedelta(days=365)
    """Wall time after which somebody who left is erased."""
    deployment_name: DeploymentName | None = None
    """Worker versioning, for upgrades worker by worker: the name of this installation's workers in Temporal. Without
    it and `build_id`, workers are unversioned."""
    build_id: BuildId | None = Field(default=None, validate_default=True)
    """Worker versioning: the release that this worker is; another one for every release."""

    @field_validator("older_secrets")
    @classmethod
    def _each_long_enough(cls, older: SecretStr) -> SecretStr:
        secrets = older.get_secret_value().split()
        if any(len(secret) < SECRET_CHARACTERS for secret in secrets):
            raise PydanticCustomError("too_short", "one of them is too short")
        return older

    @field_validator("proxies")
    @classmethod
    def _networks(cls, proxies: str) -> str:
        for proxy in proxies.split():
            try:
                ip_network(proxy)
            except ValueError:
                raise PydanticCustomError("no_network", "not an address") from None
        return proxies

    @field_validator("console_port")
    @classmethod
    def _another_port(cls, port: int | None, info: ValidationInfo) -> int | None:
        if port is not None and port == info.data.get("port"):
            raise PydanticCustomError("same_port", "the same as BINOME_PORT")
        return port

    @field_validator("payload_keys")
    @classmethod
    def _each_a_key(cls, given: SecretStr) -> SecretStr:
        first, *others = given.get_secret_value().split() or [PLAIN]
        keys = [*others] if first == PLAIN else [first, *others]
        if any(len(key) < SECRET_CHARACTERS for key in keys):
            raise PydanticCustomError("too_short", "one of them is too short")
        if len(set(keys)) < len(keys) or len(keys) > MOST_PAYLOAD_KEYS:
            raise PydanticCustomError("too_many", "one stands there twice")
        return given

    @field_validator("build_id")
    @classmethod
    def _both_or_neither(cls, build_id: str | None, info: ValidationInfo) -> str | None:
        """A name without a build, or a build without a name, would leave workers unversioned without a word."""
        if "deployment_name" in info.data and (build_id is None) is not (
            info.data["deployment_name"] is None
        ):
            kind = "missing" if build_id is None else "alone"
            raise PydanticCustomError(kind, "only together with the other")
        return build_id

    def database_address(self) -> str:
        """Returns the database's address with its password: not for logs or command lines."""
        parts = urlsplit(self.database_url)
        if self.database_password is None or parts.password is not None:
            return self.database_url
        who, _, where = parts.netloc.rpartition("@")
        password = quote(self.database_password.get_secret_value(), safe="")
        return urlunsplit(parts._replace(netloc=f"{who}:{password}@{where}"))

    def console_address(self) -> str:
        """Returns where the console is reached, without a slash at the end."""
        if self.console_url is not None:
            return self.console_url
        if self.console_port is None:
            return self.public_url
        return f"http://127.0.0.1:{self.console_port}"

    def all_secrets(self) -> tuple[str, ...]:
        """The secret, which signs and seals, then the older ones, which are only read."""
        older = self.older_secrets.get_secret_value().split()
        return (self.secret.get_secret_value(), *older)


class SettingsInvalid(Exception):
    """Raised when settings are missing or wrong; it names each of them, and none of
    their values.
    """

    def __init__(
        self, problems: list[str], hint: str = "settings are missing or wrong:"
    ) -> None:
        self.problems = problems
        super().__init__("\n".join([hint, *(f"  {problem}" for problem in problems)]))


def load_settings(**known: Any) -> Settings:
    """Read settings from the environment; those in `known` override it.

    Raises:
        SettingsInvalid: with all problems at once.
    """
    try:
        return Settings(**{**_from_files(os.environ), **known})
    except ValidationError as error:
        found = error.errors(
            include_input=False, include_url=False, include_context=False
        )
        raise SettingsInvalid(
            [_problem(str(item["loc"][0]), item["type"], item["msg"]) for item in found]
        ) from None


def _from_files(variables: Mapping[str, str]) -> dict[str, str]:
    """The settings that stand in files; an empty file is a setting that is not made.

    Raises:
        SettingsInvalid: a file cannot be read, or the setting is there twice.
    """
    found: dict[str, str] = {}
    problems: list[str] = []
    for name in Settings.model_fields:
        variable = PREFIX + name.upper()
        file = variables.get(f"{variable}_FILE")
        if not file:
            continue
        if variables.get(variable):
            problems.append(
                f"{variable} is there twice; allowed: it or {variable}_FILE"
            )
        try:
            text = Path(file).read_text("utf-8").strip()
        except (OSError, ValueError):
            problems.append(f"{variable}_FILE cannot be read; allowed: a file in UTF-8")
        else:
            found |= {name: text} if text else {}
    if problems:
        raise SettingsInvalid(problems)
    return found


def environment(settings: Settings) -> dict[str, str]:
    """The variables from which another process reads the same settings."""
    values = {name: getattr(settings, name) for name in Settings.model_fields}
    return {
        PREFIX + name.upper(): _text(value)
        for name, value in values.items()
        if value is not None
    }


def _text(value: Any) -> str:
    if isinstance(value, SecretStr):
        return value.get_secret_value()
    return str(to_jsonable_python(value))


_ALLOWED = {
    "database_url": "postgresql://USER:PASSWORD@HOST:PORT/DATABASE",
    "secret": "at least 32 characters, from: python -c 'import secrets; print(secrets.token_urlsafe(32))'",
    "older_secrets": "secrets of at least 32 characters each, with spaces between them",
    "console_port": "another port than BINOME_PORT, from 1 to 65535",
    "console_url": "an http or https address without a slash at the end",
    "proxies": "addresses or networks such as 10.0.0.5 or 10.0.0.0/24, with spaces between them",
    "payload_keys": f"keys of at least {SECRET_CHARACTERS} characters with spaces between them, none twice, at most "
    f"{MOST_PAYLOAD_KEYS}; before them the word {PLAIN}, where new payloads are not to be encrypted",
    "public_url": "an http or https address without a slash at the end",
    "ui_url": "an http or https address without a slash at the end",
    "oidc_issuer": "an http or https address without a slash at the end",
    "oidc_client_secret": "with BINOME_OIDC_ISSUER and BINOME_OIDC_CLIENT_ID beside it, or none of the three",
    "trusted_proxies": "addresses or networks such as 10.0.0.7 10.1.0.0/16; needed with BINOME_TRUSTED_HEADER",
    "sign_out_url": "an http or https address without a slash at the end",
    "deployment_name": "letters, digits, - and _; with BINOME_BUILD_ID beside it, or neither of the two",
    "build_id": "the release, such as 0.1.0; with BINOME_DEPLOYMENT_NAME beside it, or neither of the two",
    "reconcile_every": "a duration of 10 seconds or more, such as 5 minutes or PT5M",
    **dict.fromkeys(
        ("archive_after", "keep_archive", "keep_words", "keep_leavers"),
        "a duration from 1 day to 10 years, such as 90 days or P1Y",
    ),
    "mail_from": "an address such as mentoring@example.org",
}


def _problem(field: str, kind: str, message: str) -> str:
    allowed = _ALLOWED.get(field, message.removeprefix("Input should be "))
    what = "is missing" if kind == "missing" else "is not allowed"
    return f"{PREFIX}{field.upper()} {what}; allowed: {allowed}"
