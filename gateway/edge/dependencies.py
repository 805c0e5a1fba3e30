"""What routes ask for before they do anything."""

from fastapi import Request

from gateway.context import CurrentGateway
from gateway.edge.clients import client_address
from gateway.edge.rates import RateKey


async def within_address_rate(request: Request, gateway: CurrentGateway) -> None:
    """Count a request of this address.

    Raises:
        TooManyRequests: it asks too often.
    """
    gateway.rates.count(RateKey.ADDRESS, client_address(request))
