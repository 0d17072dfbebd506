"""Where files are kept and how they reach people.

``storage`` keeps staged columns and finished files, each export in a folder of its own.
"""
