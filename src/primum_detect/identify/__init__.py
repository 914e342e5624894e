"""Layer 2: every personal identifier, whoever's it is. One file per identifier; `registry.py` lists them."""
