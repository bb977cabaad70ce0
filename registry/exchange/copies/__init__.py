"""Annotated copies (加注件): made for one look-up, marked with its purpose, sealed by the hub."""
