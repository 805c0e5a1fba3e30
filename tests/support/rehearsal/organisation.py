"""A small organisation, and a programme that plays in it in about half a minute.

Nobody's name, address or id looks like anything else in a log or a history: finding one there is a leak.
"""

import csv
import io
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from binome.demo.participants import Participants, Trait, read_people
from domain.people.column_names import COLUMNS

PROGRAMME = "quiet-trial"
MODULE = "listening"
COMMENT = "Marmalade thunderstorms upset the quarterly hedgehogs."
IDEA = "Lend every vice-president a kaleidoscope on Wednesdays."

OFFICE_HOURS = "; ".join(
    f"{day} 09:00-12:00; {day} 14:00-18:00"
    for day in ("mon", "tue", "wed", "thu", "fri")
)

_PEOPLE = """
XQ-7001 Wilhelmina Quetzalcote   comex mentee     manager=        delegate=XQ-7090
XQ-7002 Thaddéus   Oxbloodwell   comex mentee     manager=XQ-7001 locale=fr
XQ-7003 Rosalind   Nightjarre    comex mentee     manager=XQ-7001 zone=Europe/London
XQ-7004 Ignatius   Pumpernelle   comex mentee     manager=XQ-7001
XQ-7090 Barnaby    Quillfeather  comex delegate   manager=XQ-7001
XQ-7091 Philippa   Drumgoolde    comex sponsor    manager=XQ-7001
XQ-7092 Cuthbert   Zanzibarre    idf   ops        manager=XQ-7091
XQ-7093 Araminta   Foxglovely    idf   supervisor manager=XQ-7091
XQ-7094 Leopoldine Yarrowbye     ouest supervisor manager=XQ-7091 locale=fr
XQ-7010 Benedikta  Umberfolde    idf   -          manager=XQ-7004
XQ-7011 Horatiolus Vellumsonne   idf   -          manager=XQ-7010
XQ-7021 Jocastalyn Merrywicke    idf   mentor     manager=XQ-7011 supervisor=XQ-7093
XQ-7022 Peregrinus Saltmarshe    idf   mentor     manager=XQ-7011 supervisor=XQ-7093 locale=fr
XQ-7023 Clemëntine Rookhopper    idf   mentor     manager=XQ-7011 supervisor=XQ-7093
XQ-7024 Fitzgerold Tolliverre    idf   mentor     manager=XQ-7011 supervisor=XQ-7093
XQ-7025 Ottolinka  Grimshawley   idf   mentor     manager=XQ-7011 supervisor=XQ-7093
XQ-7026 Zebediahon Larkspurre    idf   mentor     manager=XQ-7011 supervisor=XQ-7093
XQ-7027 Drusillana Wexcombery    idf   mentor     manager=XQ-7011 supervisor=XQ-7093
XQ-7031 Evanderius Crowthorney   est   mentee     manager=XQ-7001
XQ-7032 Laviniosa  Bickerstaffe  est   mentee     manager=XQ-7031 locale=fr
XQ-7033 Sylvestrio Bramblecott  ouest mentee     manager=XQ-7031
XQ-7041 Gideonello Hartsbaney    ouest mentor     manager=XQ-7011 supervisor=XQ-7094
XQ-7042 Marigolden Penhallowe    ouest mentor     manager=XQ-7011 supervisor=
"""

UNREADY = "XQ-7027"
"""Matching waits for this mentor until the training's time is over."""
REFUSES = "XQ-7002"
"""Would rather not meet the first mentor, who is to find somebody else."""
_TRAITS = {
    "XQ-7026": Trait.DECLINES,
    UNREADY: Trait.UNREADY,
    "XQ-7024": Trait.WORRIED,
    "XQ-7022": Trait.SILENT,
    "XQ-7003": Trait.SILENT,
    REFUSES: Trait.REFUSES,
}


def people() -> list[dict[str, str]]:
    """One row a person, under the columns of a people file."""
    return [_person(*line.split(maxsplit=5)) for line in _PEOPLE.strip().splitlines()]


def _person(
    external_id: str, given: str, family: str, region: str, role: str, more: str
) -> dict[str, str]:
    address = "".join(c for c in f"{given}.{family}".lower() if c.isascii())
    row = dict.fromkeys(COLUMNS, "") | {
        "external_id": external_id,
        "name": f"{given} {family}",
        "email": f"{address}@plumbago.example",
        "region": region,
        "roles": role.strip("-"),
        "function": role.strip("-"),
        "site": "Paris",
        "locale": "en",
        "zone": "Europe/Paris",
        "languages": "en fr",
        "windows": OFFICE_HOURS,
    }
    return row | dict(pair.split("=") for pair in more.split())


def people_file(rows: list[dict[str, str]] | None = None) -> bytes:
    out = io.StringIO(newline="")
    writer = csv.DictWriter(out, COLUMNS, lineterminator="\n")
    writer.writeheader()
    writer.writerows(people() if rows is None else rows)
    return out.getvalue().encode()


def cast() -> Participants:
    """How they take part: `binome.demo` gives traits by lot, here they are given by name."""
    drawn = Participants(read_people(people_file()), (), seed=7)
    plain = (replace(person, traits=frozenset()) for person in drawn.by_email.values())
    drawn.by_email = {p.email: replace(p, traits=_traits(p.external_id)) for p in plain}
    return drawn


def _traits(external_id: str) -> frozenset[Trait]:
    return frozenset({_TRAITS[external_id]}) if external_id in _TRAITS else frozenset()


def document(**changes: Any) -> Mapping[str, Any]:
    """Two regions side by side, one of them reviewed by ops; a third one waits for the sponsor and never opens."""
    return {
        "programme": PROGRAMME,
        "starts_on": "2027-01-11",
        "sender": "trial",
        "training": {
            "modules": [MODULE],
            "within": "1 week",
            "grace": "2 days",
            "reminder": "4 days",
        },
        "sessions": {
            "count": 2,
            "length": "1 hour",
            "every": "4 days",
            "notice": "2 days",
            "window": "3 weeks",
        },
        "matching": {
            "approval": "automatic",
            "minimum_levels": 3,
            "agree_within": "2 weeks",
            "search_for": "2 weeks",
        },
        "feedback": {"answer_within": "1 week"},
        "supervision": {"check_in_every": 1},
        "regions": [
            {"region": "comex", "mentors_from": ["idf"]},
            {
                "region": "est",
                "mentors_from": ["ouest"],
                "matching": {"approval": "reviewed"},
            },
            {"region": "ouest", "after": "comex", "mentors_from": ["idf"]},
        ],
        "rehearsal": {"pace": 86400},
        **changes,
    }
