"""Status lists: a certificate's place in one, and the signed lists themselves."""
