"""Papers: one module each, a function from facts to a sheet."""
