"""Find the certificates that satisfy a material, across every authority of the hub."""
