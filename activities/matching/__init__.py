"""Who coaches whom: hard rules, weighted soft ones, an exact assignment, and reasons for all of it."""
