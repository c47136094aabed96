"""Rules about the variables that uv reads (UVC3xx)."""
