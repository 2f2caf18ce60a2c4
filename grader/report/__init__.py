"""Reports for people (HTML) and for programs (results.json), made from records only."""
