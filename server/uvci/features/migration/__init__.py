"""Jobs of other package managers, and what the same job is with uv."""
