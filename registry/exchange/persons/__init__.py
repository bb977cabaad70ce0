"""Holders who sign in: who they are, for whom they may act, what they see of their own."""
