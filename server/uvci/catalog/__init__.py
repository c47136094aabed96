"""What uv and GitLab are known to do, as data with one typed reader."""
