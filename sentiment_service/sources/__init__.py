"""Where content comes from: each module turns one origin into posts and comments."""
