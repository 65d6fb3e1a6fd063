"""Data that a person brings: a file, a table to edit, points added with a click."""
