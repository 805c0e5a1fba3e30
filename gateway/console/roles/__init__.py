"""Pages of those who see a part: a sponsor's region, a supervisor's mentors."""
