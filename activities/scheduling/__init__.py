"""When two people can meet: inside the weekly windows of both and the working days of their region."""
