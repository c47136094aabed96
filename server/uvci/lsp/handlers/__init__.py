"""One file per protocol method."""
