"""Marks: does each row follow from those before it?"""
