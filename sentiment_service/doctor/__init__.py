"""Finding out what keeps the service from working, and saying what to do about it; changes nothing."""
