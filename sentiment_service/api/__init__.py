"""The HTTP API: routes and handlers by area, their models, errors and description."""
