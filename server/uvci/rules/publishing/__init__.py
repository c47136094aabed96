"""Rules about indexes, credentials, building and publishing (UVC5xx)."""
