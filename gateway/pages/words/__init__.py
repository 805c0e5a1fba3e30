"""Texts of participants' pages, by key: one file a locale. A test compares the locales."""

import json
from collections.abc import Callable
from pathlib import Path

from schemas.wording.french import french_de

LOCALES = ("en", "fr")
PAGE_TEXTS: dict[str, dict[str, str]] = {
    locale: json.loads(
        (Path(__file__).parent / f"{locale}.json").read_text(encoding="utf-8")
    )
    for locale in LOCALES
}


def translator(locale: str) -> Callable[..., str]:
    """`t(key, **values)` in one language; an unknown key is an error, never an empty text.

    French may say `{de_name}` for *de* and the name, elided where it must be.
    """
    words = PAGE_TEXTS.get(locale, PAGE_TEXTS["en"])

    def t(key: str, **values: object) -> str:
        return words[key].format(
            **values,
            **{f"de_{name}": french_de(str(value)) for name, value in values.items()},
        )

    return t
