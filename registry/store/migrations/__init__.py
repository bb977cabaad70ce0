"""How the schema grew. Expand first, contract a release later: an old worker may meet a new schema."""
