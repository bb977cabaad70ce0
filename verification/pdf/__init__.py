"""A sealed PDF, layer by layer: the bytes, the signature, the time-stamp, what a reader shows."""
