"""Watches subreddits, scores what people say, and serves it without ever freezing."""

__version__ = "0.1.0"
