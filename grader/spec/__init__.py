"""What a course's YAML files say: read, checked as a whole, and given as frozen models."""
