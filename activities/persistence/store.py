"""Everything that PostgreSQL keeps, behind one class. Only this package speaks SQL."""

from activities.persistence.records import Records


class Store(Records):
    """One pool, all subjects. `await Store.open(url)`; `await store.close()`."""
