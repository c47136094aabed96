"""Where the names of a pipeline are defined and used: jobs, stages, variables, anchors, files."""
