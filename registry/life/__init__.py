"""What happens on the way to a certificate, and afterwards: drafts, issuing, reading."""
