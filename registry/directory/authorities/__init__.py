"""Authorities: their dated names, places and name-plates, who took over from whom, and how they are registered."""
