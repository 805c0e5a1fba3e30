"""Everything that PostgreSQL keeps, behind one class. Only this package speaks SQL."""

from activities.persistence.cohorts import Cohorts
from activities.persistence.drift import Reconciling
from activities.persistence.guarding import Guarding
from activities.persistence.imports import Imports
from activities.persistence.inbox import Inbox
from activities.persistence.listings import Listings
from activities.persistence.matches import Matches
from activities.persistence.pausing import Pausing
from activities.persistence.people_updates import PeopleUpdates
from activities.persistence.programmes import Programmes
from activities.persistence.records import Records
from activities.persistence.status import Status


class Store(
    Records,
    Guarding,
    Matches,
    Cohorts,
    Programmes,
    Imports,
    PeopleUpdates,
    Inbox,
    Listings,
    Status,
    Pausing,
    Reconciling,
):
    """One pool, all subjects: `await Store.open(url)`, then `await store.close()`.

    Errors are DatabaseUnavailable, or say more.
    """
