import pytest

from workers.settings import SettingsInvalid, environment, load_settings

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
