"""Derived keys: one a purpose, the same for ever, older ones after the newest."""

import pytest

from workers.secrets import derived_key, derived_keys
from workers.settings import SettingsInvalid, load_settings

NEW, OLD, OLDEST = "n" * 32, "o" * 32, "x" * 32


def test_a_derived_key_is_the_same_in_every_release() -> None:
    kept = "49aa0961c30504d0e5a585101d971558522d907c108055dc8f494c2e22edcbfe"
    assert derived_key(NEW, "links").hex() == kept


def test_each_purpose_has_a_key_of_its_own() -> None:
    keys = {derived_key(NEW, purpose) for purpose in ("links", "sealing", "codec")}
    assert len(keys) == 3 and {len(key) for key in keys} == {32}


def test_the_newest_secret_comes_first() -> None:
    settings = load_settings(
        database_url="postgresql://u@h/d", secret=NEW, older_secrets=f"{OLD} {OLDEST}"
    )
    assert derived_keys(settings, "links") == tuple(
        derived_key(secret, "links") for secret in (NEW, OLD, OLDEST)
    )


def test_a_short_older_secret_is_refused_and_not_quoted() -> None:
    with pytest.raises(SettingsInvalid, match="BINOME_OLDER_SECRETS") as caught:
        load_settings(
            database_url="postgresql://u@h/d", secret=NEW, older_secrets=f"{OLD} short"
        )
    assert "short" not in str(caught.value)
