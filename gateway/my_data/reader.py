"""Whoever comes with a link to what is held about them."""

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated

from fastapi import Depends

from domain.notices.my_data_mail import NEW_ADDRESS_WAITS
from gateway.context import CurrentGateway
from gateway.edge.rates import RateKey
from gateway.links import LinkInvalid, LinkRevoked
from schemas.people import Person


@dataclass(frozen=True)
class DataReader:
    """The person whom a link is about, and to whose address it went."""

    token: str
    person: Person
    valid_until: datetime
    """Wall time."""


async def reader(gateway: CurrentGateway, token: str) -> DataReader:
    """Read a link.

    Raises:
        MyDataLinkExpired: it is older than an hour.
        LinkRevoked: ops closed the person's links since, or their address is new.
        LinkInvalid: not such a link of ours, or about somebody who left.
        TooManyRequests: it was opened too often.
    """
    link = gateway.links.read_my_data(token)
    gateway.rates.count(RateKey.LINK, token)
    person = await gateway.store.people.find(link.person)
    if person is None or person.left:
        raise LinkInvalid("this link is about nobody")
    since = gateway.now() - NEW_ADDRESS_WAITS
    moved = await gateway.store.people.address_changed(person.person, since)
    if moved or link.generation != person.link_generation:
        raise LinkRevoked("this link was closed")
    return DataReader(token, person, link.valid_until)


CurrentReader = Annotated[DataReader, Depends(reader)]
