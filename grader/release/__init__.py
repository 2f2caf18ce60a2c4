"""What students download: starter, statements, a sheet for answers, and data to check with."""
