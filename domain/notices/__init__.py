"""Who receives a notice, when, and whether it is still of use."""
