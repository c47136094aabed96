"""One file per protocol method; each has a `register` that wires it to a server."""
