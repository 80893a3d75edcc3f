"""The judge that proves an identity for every size, in index notation."""
