"""Sample keys and certificates: anyone has them, so nothing signed with them proves anything."""
