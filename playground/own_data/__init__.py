"""Data that a person brings: a file, a table to edit, points clicked into the picture."""
