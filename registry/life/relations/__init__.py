"""What certificates have to do with projects, buildings, units and each other."""
