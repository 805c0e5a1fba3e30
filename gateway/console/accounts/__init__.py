"""Pages about accounts: one's own, and for administrators all of them."""
