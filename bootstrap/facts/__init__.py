"""The contract's tables as data files, and what reads them."""
