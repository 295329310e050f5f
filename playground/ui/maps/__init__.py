"""The page of maps: which networks train, cell by cell, over one setting or several."""
