"""Whether two numbers are close enough, and what a difference between them means."""
