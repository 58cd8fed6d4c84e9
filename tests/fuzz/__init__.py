"""Random bytes against what reads other people's text."""
