"""The columns of a people file."""

COLUMNS = (
    "external_id",
    "name",
    "email",
    "region",
    "roles",
    "function",
    "site",
    "locale",
    "zone",
    "manager",
    "dotted_managers",
    "supervisor",
    "delegate",
    "seats",
    "languages",
    "offers",
    "wants",
    "windows",
)
"""The header of our own people file."""
REQUIRED_COLUMNS = ("external_id", "name", "email", "region")
LIST_COLUMNS = ("roles", "dotted_managers", "languages", "offers", "wants", "windows")
TOPIC_COLUMNS = ("offers", "wants")
