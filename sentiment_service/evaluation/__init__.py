"""How right the scorers are: measured on texts that people labelled."""
