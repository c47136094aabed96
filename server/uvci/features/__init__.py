"""What an editor shows at a cursor: one file per feature, from values to values."""
