"""The judge that computes both sides at points: exactly modulo primes, in floating point, to many digits."""
