"""What GitLab makes of a pipeline: effective jobs, each value with its origin."""
