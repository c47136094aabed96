"""Rules about caches and what uv leaves in them (UVC2xx)."""
