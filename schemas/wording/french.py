"""What French asks of a name in a sentence, for mails and pages alike."""

from unicodedata import normalize


def french_de(name: str) -> str:
    """French `de`, elided before a vowel. Before an h or a y both are said, and it stays."""
    if name.startswith("le "):
        return f"du {name.removeprefix('le ')}"
    first = normalize("NFD", name[:1]).upper()[:1]
    return f"d’{name}" if first in ("A", "E", "I", "O", "U", "Œ") else f"de {name}"
