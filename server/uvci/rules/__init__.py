"""What is wrong with a pipeline, proven, and the fix: one file per family."""
