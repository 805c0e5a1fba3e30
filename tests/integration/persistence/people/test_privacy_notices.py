"""Privacy notices in PostgreSQL: versions stay, and who was shown which."""

from schemas.records.privacy import Informed, InformedBy, NoticeWords
from tests.support.world import World

URL = "https://intranet.example/privacy"


async def test_a_notice_that_is_set_again_replaces_the_one_before(world: World) -> None:
    notices = world.store.privacy_notices
    assert await notices.show("demo", "comex", NoticeWords(URL), "command")
    assert not await notices.show("demo", "comex", NoticeWords(URL), "command")
    newer = NoticeWords(f"{URL}/2", "Ours.", "Le nôtre.")
    assert await notices.show("demo", "comex", newer, "command")
    assert await notices.show(None, None, NoticeWords(URL), "command")
    everywhere, of_region = await notices.shown()
    assert (everywhere.programme, everywhere.region) == (None, None)
    assert of_region.words == newer
    assert await notices.remove(None, None)
    assert not await notices.remove(None, None)
    assert await notices.shown() == [of_region]


async def test_who_was_shown_a_notice_is_kept_once_a_way_and_exported(
    world: World,
) -> None:
    notices, anna = world.store.privacy_notices, world.ids["ANNA"]
    await notices.show(None, None, NoticeWords(URL), "command")
    (notice,) = await notices.shown()
    for _ in range(2):
        await notices.note_informed(anna, notice.id, InformedBy.MAIL)
    found = await notices.informed([anna, world.ids["BOSS"]], InformedBy.MAIL)
    assert found == {Informed(anna, notice.id)}
    assert await notices.informed([anna], InformedBy.PAGE) == set()
    assert await notices.informed_counts(notice.id) == {InformedBy.MAIL: 1}
    held = await world.store.erasures.held_about(anna)
    assert [row["way"] for row in held["informed_people"]] == ["mail"]
