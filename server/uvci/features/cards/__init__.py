"""What is said about one thing, for its hover and for the documentation of its completion."""
