"""Workers under much at once: many pairs that wake, many mails of a morning, a large match."""
