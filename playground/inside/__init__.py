"""Below the board: where its numbers come from."""
