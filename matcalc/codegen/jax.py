"""jax source: numpy's spellings under jnp, and jax's own functions where numpy has none."""

from __future__ import annotations

from .backend import Backend, complete, spellings
from .graph import METHODS
from .library import Library
from .kernel import jax_file
from .numpy import HELPERS, MORE, SINGULAR

SPELLED = spellings("jnp", "jax") | {k: v.replace("np.", "jnp.") for k, v in MORE.items()} | {
    "log_softmax": "jax.nn.log_softmax", "erfc": "jax.scipy.special.erfc"}

JAX = Backend({"jnp": "jax.numpy", "jax": "jax"}, SPELLED,
              {name: HELPERS[name].replace("np.", "jnp.").replace("_logsumexp(z)", "jax.scipy.special.logsumexp(z, axis=-1)")
               for name in ("_check", "_comm", "_order", "_powered", *SINGULAR)}
              | {name: HELPERS[name].replace("np.", "jnp.").replace(f"    out[{at}] = a\n", f"    out = out.at[{at}].set(a)\n")
                 for name, at in (("_repeated", ":, i, :, i"), ("_blocks", "i, :, i, :"))})
complete("jax", JAX, METHODS)

LIBRARY = Library("jax", JAX, jax_file)
source, several, kernel, file = LIBRARY.source, LIBRARY.several, LIBRARY.kernel, LIBRARY.file
