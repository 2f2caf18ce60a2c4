"""The grades in the formats of the places where grades live, made from the gradebook alone."""
