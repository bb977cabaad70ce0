"""The public log over the ledger: places, tiles, checkpoints, proofs, and the audit of everything against it."""
