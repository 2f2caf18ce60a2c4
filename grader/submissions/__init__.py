"""What students handed in: found, read within limits, and identified by what is in it."""
