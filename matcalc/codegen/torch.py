"""torch source."""

from __future__ import annotations

import re

from .backend import Backend, complete, spellings
from .graph import METHODS
from .library import Library
from .kernel import torch_file
from .numpy import HELPERS, MORE, SINGULAR

SPELLED = spellings("torch") | {k: v.replace("np.", "torch.") for k, v in MORE.items()} | {
    "log_softmax": "torch.log_softmax({}, -1)", "power": "torch.pow", "logaddexp": "_logaddexp", "erfc": "torch.special.erfc"}

TORCH_HELPERS = {
    "_check": HELPERS["_check"].replace("np.shape(value)", 'getattr(value, "shape", ())'),
    "_softplus": "def _softplus(x):\n    return torch.logaddexp(x, torch.zeros_like(x))",
    "_logaddexp": "def _logaddexp(a, b):\n    like = b if torch.is_tensor(b) else a\n"
                  "    return torch.logaddexp(*(torch.as_tensor(t, dtype=like.dtype, device=like.device) for t in (a, b)))",
    "_norm": """def _norm(x):
    n = torch.linalg.vector_norm(x)
    try:
        if 1e-15 < float(n) < 1e15:
            return n
    except RuntimeError:        # within torch.func.vmap there is no number to ask
        pass
    s = torch.linalg.vector_norm(x, math.inf)      # the squares of such entries may be no numbers any more
    s = torch.where((s > 0) & (s < math.inf), s, 1)
    return s*torch.linalg.vector_norm(x/s)""",
    "_huber": HELPERS["_huber"].replace("np.clip", "torch.clamp"),
    "_order": HELPERS["_order"].replace("np.", "torch."),
    "_powered": HELPERS["_powered"],
    "_repeated": HELPERS["_repeated"].replace("np.zeros((m, n, k, n))", "a.new_zeros((m, n, k, n))").replace("np.", "torch."),
    "_blocks": HELPERS["_blocks"].replace("np.zeros((n, m, n, k))", "a.new_zeros((n, m, n, k))").replace("np.", "torch."),
    "_comm": "def _comm(m, n, **like):\n    return torch.eye(m*n, **like)[torch.arange(m*n).reshape(n, m).T.reshape(-1)]",
    "_expm_frechet": "def _expm_frechet(a, e):\n    n = len(a)\n"
                     "    both = torch.cat([torch.cat([a, e], 1), torch.cat([torch.zeros_like(a), a], 1)])\n"
                     "    return torch.linalg.matrix_exp(both)[:n, n:]",
    "_factorised": "def _factorised(a):\n    return torch.linalg.lu_factor(a)",
    "_solved": "def _solved(factors, b, turned=False):\n    b2 = b if b.ndim == 2 else b[:, None]\n"
               "    return torch.linalg.lu_solve(*factors, b2, adjoint=turned).reshape(b.shape)",
    **{name: re.sub(r"(np\.eye\(.\))", r"\1.to(u)", HELPERS[name]).replace("np.abs(c)", "np.abs(np.as_tensor(c))").replace("np.", "torch.")
       for name in ("_ridge_solved", "_ridge_logdet")},
    "_divided": HELPERS["_divided"].replace("np.", "torch."),
    "_through": HELPERS["_through"].replace("np.", "torch."),
    "_kron": "def _kron(a, b):\n    return torch.kron(a.contiguous(), b.contiguous())",
}
SWAPS = {"np.concatenate": "torch.cat", "np.flip(x[..., 1:], -1)": "torch.flip(x[..., 1:], (-1,))",
         "np.flip(after, -1)": "torch.flip(after, (-1,))", "np.eye(len(x))": "torch.eye(len(x), dtype=x.dtype, device=x.device)",
         "np.max(np.where(kept, z, -np.inf), axis=-1, keepdims=True)": "torch.amax(torch.where(kept, z, -math.inf), -1, keepdim=True)",
         "_logsumexp(z)": "torch.logsumexp(z, -1)", "keepdims": "keepdim", "np.": "torch."}
for _name in SINGULAR:
    _text = HELPERS[_name]
    for _old, _new in SWAPS.items():
        _text = _text.replace(_old, _new)
    TORCH_HELPERS[_name] = _text

TORCH = Backend({"torch": "torch", "math": "math"}, SPELLED, TORCH_HELPERS, like=True, copied="torch.clone({})",
                scalars="torch.as_tensor({}, dtype=torch.float64)", passes=True)
complete("torch", TORCH, METHODS)

LIBRARY = Library("torch", TORCH, torch_file)
source, several, kernel, file = LIBRARY.source, LIBRARY.several, LIBRARY.kernel, LIBRARY.file
