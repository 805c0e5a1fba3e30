"""What crosses a boundary: ids, people, policy, programme, cohort, pair, events, effects, notices."""
