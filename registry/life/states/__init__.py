"""What becomes of a certificate after it is issued: the table of its life, acts on it, where it stands."""
