"""Rules about uv's command line in scripts (UVC4xx)."""
