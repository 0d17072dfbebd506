"""The published contracts over real HTTP: POST to file, in the callers' own code where the documents print it.

``portal`` starts a whole portal, web process and workers, once for the session; ``client`` speaks HTTP to it; ``files``
reads back what came out. ``php/`` stands in for CodeIgniter, so that the PHP of the documents runs unchanged.
"""
