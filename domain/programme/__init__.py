"""A programme's document, its dated plan, and how its regions open one after another."""
