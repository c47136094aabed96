"""The command line around the workspace."""
