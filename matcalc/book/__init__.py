"""The book of derivations: every problem file of a folder as pages with a contents and indexes, in Markdown, LaTeX and HTML."""
