"""What makes and checks the repository's own documents."""
