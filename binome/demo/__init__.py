"""The participants of the demo, played through the doors that real ones use: mail, pages and events."""

from binome.demo.story import run

__all__ = ["run"]
