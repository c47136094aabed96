"""Pictures of a pipeline: its jobs and what they wait for, its caches and who uses them."""
