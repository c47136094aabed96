"""Rules about the file as a whole (UVC0xx)."""
