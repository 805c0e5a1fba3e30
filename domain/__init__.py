"""Every rule, as pure functions: no clock, no I/O, no Temporal, no SQL, no chance. Everybody may ask it."""
