"""Past runs: what is kept of them, and how they are shown."""
