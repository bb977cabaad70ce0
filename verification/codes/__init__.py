"""The codes of Chinese administration, one module each: strict on issue, lenient on import."""
