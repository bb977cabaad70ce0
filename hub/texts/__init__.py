"""Sentences for people, one file per language; looked up by code."""
