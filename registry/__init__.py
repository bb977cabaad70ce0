"""Records and decisions: what was asked, issued, moved, used and kept."""
