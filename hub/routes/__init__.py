"""HTTP, one module per noun; a handler is a sentence."""
