"""The participants of the demo, played through the doors that real ones use: mail, pages and events.

Imported by `binome up --demo` alone.
"""
