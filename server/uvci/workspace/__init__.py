"""Files, settings and snapshots: the one place that reads the disk."""
