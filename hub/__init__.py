"""The face: HTTP routes, callers, settings and the command line."""
