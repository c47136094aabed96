"""YAML as GitLab's loader reads it, with the span of everything, on broken text too."""
