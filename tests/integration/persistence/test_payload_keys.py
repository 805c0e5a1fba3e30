"""Which part has which payload key, in PostgreSQL."""

from activities.persistence.store import Store


async def listed(store: Store) -> set[tuple[str, str, str | None]]:
    return {
        (held.part, held.key_id, held.use and held.use.value)
        for held in await store.payload_keys.listing()
    }


async def test_a_part_that_starts_registers_its_keys(store: Store) -> None:
    await store.payload_keys.announce("worker", "a", ["a", "b"])
    await store.payload_keys.announce("gateway", None, ["a"])
    assert await listed(store) == {
        ("worker", "a", "encrypts"),
        ("worker", "b", "decrypts"),
        ("gateway", "a", "decrypts"),
    }


async def test_a_key_given_up_stays_registered_as_nobodys(store: Store) -> None:
    await store.payload_keys.announce("worker", "a", ["a"])
    await store.payload_keys.announce("worker", "b", ["b"])
    assert await listed(store) == {("worker", "a", None), ("worker", "b", "encrypts")}
    assert await store.payload_keys.is_registered("a")
    assert not await store.payload_keys.is_registered("c")
