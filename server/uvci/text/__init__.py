"""Positions, lines and edits of plain text; knows neither YAML nor any protocol."""
