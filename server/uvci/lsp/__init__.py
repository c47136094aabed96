"""The language server protocol around the workspace."""
