"""Verifying what strangers bring: the register asked, files read in child processes that may fail without harm."""
