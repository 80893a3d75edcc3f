import jax, jax.numpy as jnp
@jax.custom_vjp
def f(x, w):
  return jnp.tanh(x @ w)
def f_fwd(x, w):
  y = jnp.tanh(x @ w)
  return y, (x, w, y)
def f_bwd(res, g):
  x, w, y = res
  dz = g * (1 - y**2)
  return dz @ w.T, x.T @ dz
f.defvjp(f_fwd, f_bwd)
