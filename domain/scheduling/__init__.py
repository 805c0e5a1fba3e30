"""The search for times at which two people are free, and the choice of one of them."""
