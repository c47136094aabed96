"""Rules about uv's images, and the versions they hold (UVC1xx)."""
