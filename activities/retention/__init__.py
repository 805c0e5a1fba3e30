"""What has been kept long enough goes: the activity of the daily clearing-out."""
