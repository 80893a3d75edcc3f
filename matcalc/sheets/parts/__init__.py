"""What sheets are made of: records, formulas and their parts, marks."""
