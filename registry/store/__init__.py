"""The ground floor: database, tables, documents and the ledger."""
