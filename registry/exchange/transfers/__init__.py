"""Materials, and their and certificates' transfers (流转) from office to office, with what both parties signed."""
