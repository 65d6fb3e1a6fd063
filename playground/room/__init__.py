"""A room: a teacher and a class, each with a board of their own."""
