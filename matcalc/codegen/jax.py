"""JAX source: NumPy's spellings under jnp, and JAX's own functions where NumPy has none."""

from __future__ import annotations

from .backend import Backend, complete, spellings
from .graph import METHODS
from .library import Library
from .kernel import jax_file
from .numpy import HELPERS, MORE, SINGULAR

SPELLED = spellings("jnp", "jax") | {k: v.replace("np.", "jnp.") for k, v in MORE.items()} | {
    "log_softmax": "jax.nn.log_softmax", "erfc": "jax.scipy.special.erfc", "chain": "_chain"}
CHAIN = """def _chain(*factors):
    sizes = [f.shape[0] for f in factors] + [factors[-1].shape[1]]

    def cheapest(i, j):
        costs = [(cheapest(i, k)[0] + cheapest(k, j)[0] + sizes[i]*sizes[k]*sizes[j], k) for k in range(i + 1, j)]
        return min(costs, default=(0, i))

    def product(i, j):
        k = cheapest(i, j)[1]
        return factors[i] if j - i == 1 else product(i, k) @ product(k, j)
    return product(0, len(factors))"""

NORM = """def _norm(x):
    def scaled():      # the squares of such entries may be no numbers any more
        s = jnp.max(jnp.abs(x), initial=0)
        s = jnp.where((s > 0) & (s < jnp.inf), s, 1)
        return s*jnp.linalg.norm(x/s)
    n = jnp.linalg.norm(x)
    return jax.lax.cond((n > 1e-15) & (n < 1e15), lambda: n, scaled)"""

JAX = Backend({"jnp": "jax.numpy", "jax": "jax"}, SPELLED,
              {name: HELPERS[name].replace("np.", "jnp.").replace("_logsumexp(z)", "jax.scipy.special.logsumexp(z, axis=-1)")
               for name in ("_check", "_comm", "_huber", "_order", "_powered", "_ridge_solved", "_ridge_logdet", "_divided", *SINGULAR)}
              | {name: HELPERS[name].replace("np.", "jnp.").replace(f"    out[{at}] = a\n", f"    out = out.at[{at}].set(a)\n")
                 for name, at in (("_repeated", ":, i, :, i"), ("_blocks", "i, :, i, :"))}
              | {"_chain": CHAIN,
                 "_norm": NORM,
                 "_through": HELPERS["_through"].replace("np.linalg.multi_dot([", "_chain(*["),
                 "_factorised": "def _factorised(a):\n    return jax.scipy.linalg.lu_factor(a)",
                 "_solved": "def _solved(factors, b, turned=False):\n    return jax.scipy.linalg.lu_solve(factors, b, int(turned))"},
              rows=True)
complete("jax", JAX, METHODS)

LIBRARY = Library("jax", JAX, jax_file)
source, several, kernel, file = LIBRARY.source, LIBRARY.several, LIBRARY.kernel, LIBRARY.file
