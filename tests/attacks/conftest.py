"""A real gateway over real PostgreSQL and Temporal, as the gateway's own tests have it; and one over fakes."""

from tests.integration.gateway.conftest import listen, listeners, site
from tests.unit.gateway.conftest import at_home

__all__ = ["at_home", "listen", "listeners", "site"]
