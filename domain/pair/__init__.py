"""The life of one pair: state, event and time in; new state and effects out."""
