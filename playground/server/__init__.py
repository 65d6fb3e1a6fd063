"""What a server owes its visitors: limits, fair turns, a count of who is here, what it reports."""
