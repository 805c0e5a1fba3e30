"""The generated parts of docs/: drawn from the code, and checked to be current."""
