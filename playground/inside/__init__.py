"""Below the board: why the numbers on it are what they are."""
