"""The search for session times as an activity."""
