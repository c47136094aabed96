"""What GitLab's own check of keywords refuses, in its words and its order."""
