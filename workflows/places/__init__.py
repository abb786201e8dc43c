"""How many a union may recommend: issued, split, lent, reserved, used."""
