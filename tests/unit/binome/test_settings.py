from pathlib import Path
from typing import Any

import pytest

from workers.settings import SettingsInvalid, environment, load_settings
from workers.sign_in_settings import networks

GOOD = {"database_url": "postgresql://u:p@db/binome", "secret": "s" * 32}


def test_every_wrong_setting_is_named_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BINOME_SMTP_PORT", "seventy")
    monkeypatch.setenv("BINOME_SECRET", "short")
    with pytest.raises(SettingsInvalid) as caught:
        load_settings()
    named = [problem.split()[0] for problem in caught.value.problems]
    assert named == ["BINOME_DATABASE_URL", "BINOME_SECRET", "BINOME_SMTP_PORT"]


def test_a_refused_setting_is_not_quoted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BINOME_SECRET", "hunter2")
    monkeypatch.setenv("BINOME_DATABASE_URL", "mysql://u:hunter2@db/x")
    with pytest.raises(SettingsInvalid) as caught:
        load_settings()
    assert "hunter2" not in str(caught.value)
    assert caught.value.__suppress_context__


def test_a_secret_does_not_show_in_a_representation() -> None:
    assert GOOD["secret"] not in repr(load_settings(**GOOD))


def test_another_process_reads_the_same_settings(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    settings = load_settings(
        **GOOD, smtp_starttls=True, mails_dir="/tmp/mails", port=8081
    )
    for name, value in environment(settings).items():
        monkeypatch.setenv(name, value)
    assert load_settings() == settings


def test_what_is_known_goes_before_the_environment(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("BINOME_PORT", "9000")
    assert load_settings(**GOOD, port=9001).port == 9001


@pytest.mark.parametrize(
    "alone", [{"deployment_name": "binome"}, {"build_id": "0.1.0"}]
)
def test_a_worker_with_half_a_version_is_refused_naming_the_other_half(
    alone: dict[str, str],
) -> None:
    with pytest.raises(SettingsInvalid) as caught:
        load_settings(**GOOD, **alone)
    assert all(
        name in str(caught.value)
        for name in ("BINOME_DEPLOYMENT_NAME", "BINOME_BUILD_ID")
    )


def test_a_deployment_is_named_without_a_point() -> None:
    with pytest.raises(SettingsInvalid, match="letters, digits, - and _"):
        load_settings(**GOOD, deployment_name="binome.eu", build_id="0.1.0")


def test_a_setting_may_stand_in_a_file(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    file = tmp_path / "secret"
    file.write_text("f" * 40 + "\n")
    monkeypatch.setenv("BINOME_SECRET_FILE", str(file))
    settings = load_settings(database_url=GOOD["database_url"])
    assert settings.secret.get_secret_value() == "f" * 40


def test_an_empty_file_is_a_setting_that_is_not_made(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    file = tmp_path / "password"
    file.touch()
    monkeypatch.setenv("BINOME_SMTP_PASSWORD_FILE", str(file))
    assert load_settings(**GOOD).smtp_password is None


@pytest.mark.parametrize("given", ["also here", None])
def test_a_file_that_is_missing_or_a_setting_too_many_is_named(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, given: str | None
) -> None:
    file = tmp_path / "password"
    if given:
        file.write_text("in the file")
        monkeypatch.setenv("BINOME_SMTP_PASSWORD", given)
    monkeypatch.setenv("BINOME_SMTP_PASSWORD_FILE", str(file))
    with pytest.raises(SettingsInvalid, match="BINOME_SMTP_PASSWORD"):
        load_settings(**GOOD)


@pytest.mark.parametrize(
    ("url", "address"),
    [
        ("postgresql://u@db:5432/binome", "postgresql://u:p%40%2Fw@db:5432/binome"),
        ("postgresql://u:own@db/binome", "postgresql://u:own@db/binome"),
    ],
)
def test_the_database_s_password_is_put_where_the_address_has_none(
    url: str, address: str
) -> None:
    settings = load_settings(
        database_url=url, secret=GOOD["secret"], database_password="p@/w"
    )
    assert settings.database_address() == address


@pytest.mark.parametrize(
    ("given", "address"),
    [
        ({}, "https://m.example"),
        ({"console_port": 8081}, "http://127.0.0.1:8081"),
        (
            {"console_port": 8081, "console_url": "https://c.example"},
            "https://c.example",
        ),
    ],
)
def test_the_console_is_where_it_listens_or_is_said_to(
    given: dict[str, Any], address: str
) -> None:
    settings = load_settings(**GOOD, public_url="https://m.example", **given)
    assert settings.console_address() == address


@pytest.mark.parametrize(
    ("given", "named"),
    [
        ({"port": 8080, "console_port": 8080}, "BINOME_CONSOLE_PORT"),
        ({"proxies": "10.0.0.0/8 proxy.example"}, "BINOME_PROXIES"),
        ({"console_url": "https://c.example/"}, "BINOME_CONSOLE_URL"),
    ],
)
def test_what_cannot_be_listened_to_or_believed_is_refused(
    given: dict[str, Any], named: str
) -> None:
    with pytest.raises(SettingsInvalid, match=named):
        load_settings(**GOOD, **given)


def test_mail_goes_over_tls_unless_somebody_says_otherwise() -> None:
    assert load_settings(**GOOD).smtp_starttls


@pytest.mark.parametrize(
    "keys",
    [
        "short",
        f"plain {'k' * 31}",
        f"{'k' * 32} plain",
        f"{'k' * 32} {'k' * 32}",
        " ".join(f"{n:032}" for n in range(21)),
    ],
)
def test_payload_keys_that_are_none_are_refused_with_what_is_allowed(keys: str) -> None:
    with pytest.raises(SettingsInvalid) as caught:
        load_settings(**GOOD, payload_keys=keys)
    (problem,) = caught.value.problems
    assert problem.startswith("BINOME_PAYLOAD_KEYS is not allowed; allowed: keys of")


@pytest.mark.parametrize(
    "keys", ["", "plain", "k" * 32, f"plain {'k' * 32}", f"{'k' * 32} {'m' * 40}"]
)
def test_payload_keys_stand_behind_one_another_or_behind_the_word_plain(
    keys: str,
) -> None:
    assert load_settings(**GOOD, payload_keys=keys).payload_keys is not None


@pytest.mark.parametrize(
    ("given", "named"),
    [
        ({"oidc_issuer": "https://id.example"}, "BINOME_OIDC_CLIENT_SECRET"),
        ({"oidc_client_secret": "x"}, "BINOME_OIDC_CLIENT_SECRET"),
        ({"trusted_header": "Remote-User"}, "BINOME_TRUSTED_PROXIES"),
        ({"trusted_proxies": "everybody"}, "BINOME_TRUSTED_PROXIES"),
        ({"trusted_header": "a header"}, "BINOME_TRUSTED_HEADER"),
    ],
)
def test_half_a_way_to_sign_in_is_refused(given: dict[str, str], named: str) -> None:
    with pytest.raises(SettingsInvalid, match=named):
        load_settings(**GOOD, **given)


def test_a_header_is_believed_from_the_networks_that_are_named() -> None:
    settings = load_settings(
        **GOOD, trusted_header="Remote-User", trusted_proxies="10.0.0.7 10.1.0.0/16"
    )
    assert [str(each) for each in networks(settings.trusted_proxies)] == [
        "10.0.0.7/32",
        "10.1.0.0/16",
    ]
