"""What authorities do with each other's certificates: look them up under a matter and a case, with a receipt."""
