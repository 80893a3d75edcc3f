"""Code: the derivative as a function in numpy, torch or jax."""
