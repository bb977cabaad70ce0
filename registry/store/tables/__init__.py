"""Columns and constraints, one module per subject; no behaviour."""
