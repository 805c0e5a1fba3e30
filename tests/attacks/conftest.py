"""A real gateway over real PostgreSQL and a real Temporal server, as the gateway's own tests have it."""

from tests.integration.gateway.conftest import listen, listeners, site

__all__ = ["listen", "listeners", "site"]
