"""What a certificate says, and how anyone can check it: no database, no private key, no network, no clock."""
