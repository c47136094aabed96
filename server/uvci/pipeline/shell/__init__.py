"""Shell text as uv and GitLab's runner see it: which commands a script runs, and what it sets."""
