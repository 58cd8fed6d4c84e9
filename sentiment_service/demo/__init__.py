"""What lets a newcomer start with nothing: a Reddit look-alike and an embedded database."""
