"""From text to numbers: cleaning, scorers and the worker process that runs them."""
