"""The normal form of sums, products, powers and transposes: what the constructors settle at once, law by law."""
