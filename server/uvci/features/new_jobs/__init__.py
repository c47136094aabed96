"""Jobs that use uv, written anew for the pipeline and the project they come into."""
