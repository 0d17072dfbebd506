"""HTTP for machines: who may call, how errors look, and views that are written once.

A dialect (``dialects/``) says which paths, field names and shapes one published contract has; the views and everything
behind them are the same for all.
"""
