"""Language models that loop, recurse or flood, and what it takes to stop them."""
