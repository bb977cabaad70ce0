"""Certificate and material types as data: what a type says, how it is checked, published and passed on."""
