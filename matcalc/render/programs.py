"""The rules that are programs, in words: what no row with two sides can say, such as a common factor or a name folded."""

from __future__ import annotations

PROGRAMS = {
    "assumption": "What the problem assumes stands for the other side of its equation: where sum(y) = 1 is assumed, sum(y) becomes 1.",
    "collect": "Terms with the same differential are brought together: A*d(X) + B*d(X) becomes (A + B)*d(X).",
    "definition": "A name the problem defines is opened, or what it stands for is folded into the name: z for W'*x + b.",
    "gradient": "The differential of f is written with its gradient, which was read off before: d(f) becomes g'*d(x).",
    "numbers": "Numbers and signs are drawn together: -C*(A - B) becomes C*(B - A).",
    "spread": "A differential that is a sum is taken term by term: C*(dX*B + A*dY) becomes C*dX*B + C*A*dY.",
    "structure.transpose": "A transpose is carried inwards, to the letters, and dropped where a letter is symmetric: (A*S)' becomes S*A'.",
    "tidy.diagonal-entrywise": "The diagonal of an entry-wise function is the function of the diagonal: diag(exp(A)) becomes exp(diag(A)).",
    "tidy.distribute": "A product with a sum is multiplied out, where that ends shorter: A*(inv(A) + B) becomes eye + A*B.",
    "tidy.factor": "A common factor is taken out of a sum: x'*A + x'*B becomes x'*(A + B).",
    "tidy.linear": "A linear function of a sum is taken term by term, where that ends shorter: tr(A + B) becomes tr(A) + tr(B).",
    "tidy.repeat": "A run of factors that repeats becomes a power: A*B*A*B becomes (A*B)^2.",
    "vec": "Both sides of the line are stacked into columns, so that a matrix times vec(dX) can be read off.",
}
CALLED = {
    "assumption": "by assumption", "collect": "like terms", "definition": "by definition", "gradient": "the gradient read off above",
    "numbers": "signs", "spread": "term by term",
    "structure.transpose": "transpose of a product", "tidy.diagonal-entrywise": "diagonal of an entry-wise function",
    "tidy.distribute": "multiplied out", "tidy.factor": "common factor", "tidy.linear": "linearity", "tidy.repeat": "repeated factors",
    "vec": "columns stacked"}
JUDGED = "A program, not an equation: each use is judged at exact points, with every d(..) a letter of its own"
