"""The life of a pair and the rollout of a programme, as pure functions: no clock, no I/O, no Temporal."""
