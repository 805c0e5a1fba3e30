"""Times, durations, calendars and programme time."""
