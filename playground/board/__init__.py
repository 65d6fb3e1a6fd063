"""The live board: Python makes the frames (`stream`, `frames`), ES modules draw them (`client`)."""
