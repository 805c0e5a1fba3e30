"""`binome privacy list | set | remove`."""

import asyncio
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from binome.commands.options import DEFAULT_DATA, Data, Json, code
from binome.errors import CommandRefused
from binome.printing import print_json, print_table, say
from binome.servers import find_servers
from schemas.records.privacy import NoticeWords, PrivacyNotice

if TYPE_CHECKING:
    from activities.persistence.store import Store

app = typer.Typer(
    help="Your own privacy notice, in participants' mails and on their pages.",
    no_args_is_help=True,
)
BY_COMMAND = "command"
"""Who set it, for whoever may run commands on this database."""
Programme = Annotated[
    str | None,
    typer.Option(metavar="PROGRAMME", help="Only there; everywhere without it."),
]
Region = Annotated[
    str | None,
    typer.Option(metavar="REGION", help="Only for people of this region in it."),
]


@app.command("list")
def list_notices(data: Data = DEFAULT_DATA, as_json: Json = False) -> None:
    """What people read now."""
    notices = asyncio.run(_list(data))
    if as_json:
        print_json(notices)
        return
    print_table(
        "Privacy notices",
        ("programme", "region", "address", "English", "French", "set"),
        [
            (
                each.programme or "all",
                each.region or "all",
                each.url,
                each.text_en,
                each.text_fr,
                f"{each.set_at:%Y-%m-%d}",
            )
            for each in notices
        ],
    )


@app.command("set")
def set_notice(
    url: Annotated[str, typer.Option(help="Where it is: https://…")] = "",
    text_en: Annotated[str, typer.Option(help="A short text in English.")] = "",
    text_fr: Annotated[str, typer.Option(help="The same in French.")] = "",
    programme: Programme = None,
    region: Region = None,
    data: Data = DEFAULT_DATA,
) -> None:
    """Show a notice from now on: an address, a text in both languages, or both."""
    from domain.privacy.notice_words import PrivacyNoticeRefused, read_notice

    place = _place(programme, region)
    try:
        words = read_notice(url, text_en, text_fr)
    except PrivacyNoticeRefused as refused:
        raise CommandRefused(f"nothing was changed: {refused}") from None
    changed = asyncio.run(_set(data, *place, words))
    say("Set." if changed else "It was set before; nothing changes.")


@app.command("remove")
def remove(
    programme: Programme = None, region: Region = None, data: Data = DEFAULT_DATA
) -> None:
    """Show a notice no more; people then read that of the programme, or of all."""
    if not asyncio.run(_remove(data, *_place(programme, region))):
        raise CommandRefused("none is set there; binome privacy list shows which are")
    say("Taken back.")


def _place(programme: str | None, region: str | None) -> tuple[str | None, str | None]:
    if region is not None and programme is None:
        raise CommandRefused("--region needs its --programme")
    return (
        None if programme is None else code("PROGRAMME", programme),
        None if region is None else code("REGION", region),
    )


async def _list(data: Path) -> list[PrivacyNotice]:
    async with find_servers(data).store() as store:
        return await store.privacy_notices.shown()


async def _set(
    data: Path, programme: str | None, region: str | None, words: NoticeWords
) -> bool:
    async with find_servers(data).store() as store:
        await _require_programme(store, programme)
        return await store.privacy_notices.show(programme, region, words, BY_COMMAND)


async def _remove(data: Path, programme: str | None, region: str | None) -> bool:
    async with find_servers(data).store() as store:
        return await store.privacy_notices.remove(programme, region)


async def _require_programme(store: "Store", programme: str | None) -> None:
    if programme is not None and await store.programmes.plan(programme) is None:
        raise CommandRefused(
            "PROGRAMME is unknown; binome status lists those there are"
        )
