"""What people say in confidence is sealed before PostgreSQL sees it; see docs/decisions/sealed-answers.md."""
