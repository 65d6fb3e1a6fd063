"""Runs that are over: what is kept of them, and how they are shown."""
