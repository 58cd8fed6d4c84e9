"""The phrases that generated posts and comments are made of, by mood and by subject.

A phrase may hold slots in braces: ``{tool}`` and ``{other}`` are names of tools, the rest is drawn from
:mod:`sentiment_service.demo.phrases.slots`.
"""
