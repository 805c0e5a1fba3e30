"""What becomes of an event on its way to pairs: whom it reaches, and what if nobody."""
