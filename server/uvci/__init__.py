"""uvci: language server and checker for GitLab CI/CD pipelines that use uv."""

__version__ = "0.1.0"
