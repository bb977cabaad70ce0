"""Keys, pages, signatures and codes: the only package that touches a private key."""
