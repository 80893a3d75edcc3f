"""What is asked for and has no derivative, or none in closed form: why, and what does hold."""

REFUSED = {
    "max": "max has no derivative at a tie; away from ties it picks out one entry, and logsumexp(t*x)/t is a smooth stand-in",
    "min": "min has no derivative at a tie; -logsumexp(-t*x)/t is a smooth stand-in",
    "eig": "eigenvalues and eigenvectors have no closed form; for a simple eigenvalue l of a symmetric A with unit vector v, "
           "dl = v'*dA*v",
    "svd": "singular vectors have no closed form; for a simple singular value s, ds = u'*dA*v",
    "pinv": "pinv is not differentiable where the rank changes; for full column rank write inv(A'*A)*A'",
    "rank": "rank is constant almost everywhere and has no derivative elsewhere",
    "round": "round has derivative 0 where it has one",
    "argmax": "argmax has no derivative; softmax(t*x) is a smooth stand-in",
    "chol": "the Cholesky factor has no closed form in the language; logdet(A) and inv(A) often serve",
    "logm": "the matrix logarithm has a Frechet derivative that the language does not write",
}
REFUSED |= {"eigvals": REFUSED["eig"], "eigs": REFUSED["eig"], "eigh": REFUSED["eig"], "eigenvectors": REFUSED["eig"]}
