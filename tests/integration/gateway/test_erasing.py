"""The button that erases a person."""

from tests.integration.gateway.conftest import Site


async def test_the_id_must_be_typed_to_confirm(site: Site) -> None:
    person = site.world.ids["OPS"]
    refused = await site.browser.post(
        f"/people/{person}/erase", data={"confirm": "SPONSOR"}
    )
    assert refused.status_code == 422
    assert await site.world.store.people.find_external("OPS")


async def test_an_administrator_erases_a_person_and_the_receipt_names_them(
    site: Site,
) -> None:
    person = site.world.ids["OPS"]
    done = await site.browser.post(f"/people/{person}/erase", data={"confirm": "OPS"})
    assert done.headers["location"] == f"/people/{person}?done=erased"
    assert await site.world.store.people.find_external("OPS") is None
    shown = await site.browser.get(done.headers["location"])
    assert "Nothing says any more who this was" in shown.text
    assert "Name of OPS" not in shown.text


async def test_one_whose_pair_has_not_ended_waits(site: Site) -> None:
    person = site.world.ids["ANNA"]
    await site.world.ready()
    done = await site.browser.post(f"/people/{person}/erase", data={"confirm": "ANNA"})
    assert done.headers["location"] == f"/people/{person}?done=erasing"
    assert [one.person for one in await site.world.store.erasures.unfinished()] == [
        person
    ]
