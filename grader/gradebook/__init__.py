"""The gradebook: every result, committed as soon as it is there."""
