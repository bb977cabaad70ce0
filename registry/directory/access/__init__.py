"""Who calls and how it is known: clients, officers, keys, passwords, tokens, budgets, locks."""
