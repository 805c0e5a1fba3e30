"""A people import that lasts until the test lets it go on."""

import asyncio

import httpx

from schemas.people import ImportStep, ReportImportProgress
from tests.support.waiting import LONGEST_WAIT_SECONDS, until
from tests.unit.gateway.factories import House

REFRESH = '<meta http-equiv="refresh" content="1">'


class Slow:
    """Reads until it is let go on; what it tells is set by the test."""

    def __init__(self, *steps: tuple[ImportStep, int, int]) -> None:
        self.steps = steps or ((ImportStep.READ, 45_000, 100_000),)
        self.go_on = asyncio.Event()
        self.failure: Exception | None = None
        self.begun = 0

    async def __call__(self, progress: ReportImportProgress | None) -> None:
        assert progress is not None
        self.begun += 1
        for step in self.steps:
            progress(*step)
        await self.go_on.wait()
        if self.failure:
            raise self.failure


async def upload(house: House, data: bytes = b"rows") -> httpx.Response:
    answer = await house.browser.post(
        "/people/preview", files={"file": ("people.csv", data)}
    )
    await asyncio.sleep(0)  # let it begin
    return answer


async def reported(house: House, address: httpx.URL) -> httpx.Response:
    """The page once the worker has written down how far it is."""
    name = name_in(address)

    async def written_down() -> bool:
        return house.store.people_files.kept[name].step is not None

    await until(written_down)
    return await house.browser.get(address)


async def settled(house: House, address: httpx.URL) -> httpx.Response:
    """The page when the work has ended."""
    work = house.import_worker.works[name_in(address)]
    await asyncio.wait_for(asyncio.wait({work}), LONGEST_WAIT_SECONDS)
    return await house.browser.get(address)


def name_in(address: httpx.URL) -> str:
    return address.path.rpartition("/")[2]


async def confirmed(house: House, slow: Slow) -> httpx.Response:
    """A file that was previewed at once, being imported."""
    preview = await settled(house, (await upload(house)).url)
    house.store.imports.reading = slow
    page = await house.browser.post(
        "/people/import", data={"upload": name_in(preview.url)}
    )
    return await reported(house, page.url)
