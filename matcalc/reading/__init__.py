"""From text to expressions. `parse` is the door; what an expression or a problem goes through, each folder importing from those before it:

grammar         signs and tokens, names, sizes, calls: a line of the language as postfix code
latex           LaTeX: the tokens of a formula, and the one reader of formulas
declarations    what is declared, in the language, in mathematics and in prose
inference       the shapes of undeclared names
expressions     postfix code as expressions, and as the trees that were typed
dialects        Unicode pages, NumPy, MATLAB, LaTeX and everyday notation, read as the language
problems        lines as problems: what is defined, assumed and asked, and files of them
"""
