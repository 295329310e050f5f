"""What went wrong in a run, in one sentence with its evidence. The same code serves live and old runs."""
