"""When two people are both free, and which time is proposed."""
