"""The search: differentials opened, coefficients freed, expressions tidied, every step recorded."""
