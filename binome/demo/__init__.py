"""The participants of the demo, played through the doors that real ones use."""
