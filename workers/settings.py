"""Every setting, from the environment: `BINOME_` and the name below in capitals. Temporal's own are `TEMPORAL_*`."""

from datetime import timedelta
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import (
    Field,
    SecretStr,
    StringConstraints,
    ValidationError,
    ValidationInfo,
    field_validator,
)
from pydantic_core import PydanticCustomError, to_jsonable_python
from pydantic_settings import BaseSettings, SettingsConfigDict

from schemas.time.durations import Duration

PREFIX = "BINOME_"
EXAMPLES = Path(__file__).parent.parent / "examples"
"""Programme documents that are shipped; also templates that a document may name."""

Port = Annotated[int, Field(ge=1, le=65535)]
Address = Annotated[str, StringConstraints(pattern=r"^https?://[^/\s][^\s]*[^/\s]$")]
"""An http(s) address without a slash at the end."""
DatabaseUrl = Annotated[str, StringConstraints(pattern=r"^postgres(ql)?://\S+$")]
DeploymentName = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_-]{1,100}$")]
"""Without a point: Temporal writes a version as NAME.BUILD."""
BuildId = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9._+-]{1,100}$")]


class Settings(BaseSettings):
    """All settings of a process. `load_settings` reads them, and says what is wrong."""

    model_config = SettingsConfigDict(
        env_prefix=PREFIX, extra="ignore", frozen=True, hide_input_in_errors=True
    )

    database_url: DatabaseUrl
    """Address of PostgreSQL: postgresql://USER:PASSWORD@HOST:PORT/DATABASE"""
    secret: Annotated[SecretStr, Field(min_length=32)]
    """Signs the links of participants; at least 32 characters. Changing it closes every link sent so far."""
    public_url: Address = "http://127.0.0.1:8080"
    """Address at which participants and services reach the gateway; links in mails
    begin with it."""
    ui_url: Address = "http://127.0.0.1:8233"
    """The Temporal Web UI; links on the console and in answers begin with it."""
    host: str = "127.0.0.1"
    """Address on which the gateway listens. The loopback one by default: put a proxy with TLS before it."""
    port: Port = 8080
    """Port on which the gateway listens."""
    console_token: SecretStr | None = None
    """Password of the console for browsers on other machines; without it none is admitted from there."""
    smtp_host: str = "127.0.0.1"
    smtp_port: Port = 25
    smtp_username: str | None = None
    smtp_password: SecretStr | None = None
    smtp_starttls: bool = False
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
    deployment_name: DeploymentName | None = None
    """Worker versioning, for upgrades worker by worker: the name of this installation's workers in Temporal. Without
    it and `build_id`, workers are unversioned."""
    build_id: BuildId | None = Field(default=None, validate_default=True)
    """Worker versioning: the release that this worker is; another one for every release."""
    log_level: Literal["debug", "info", "warning", "error"] = "info"
    log_format: Literal["json", "console"] = "json"

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
        return Settings(**known)
    except ValidationError as error:
        found = error.errors(
            include_input=False, include_url=False, include_context=False
        )
        raise SettingsInvalid(
            [_problem(str(item["loc"][0]), item["type"], item["msg"]) for item in found]
        ) from None


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
    "public_url": "an http or https address without a slash at the end",
    "ui_url": "an http or https address without a slash at the end",
    "deployment_name": "letters, digits, - and _; with BINOME_BUILD_ID beside it, or neither of the two",
    "build_id": "the release, such as 0.1.0; with BINOME_DEPLOYMENT_NAME beside it, or neither of the two",
    "reconcile_every": "a duration of 10 seconds or more, such as 5 minutes or PT5M",
    "mail_from": "an address such as mentoring@example.org",
}


def _problem(field: str, kind: str, message: str) -> str:
    allowed = _ALLOWED.get(field, message.removeprefix("Input should be "))
    what = "is missing" if kind == "missing" else "is not allowed"
    return f"{PREFIX}{field.upper()} {what}; allowed: {allowed}"
