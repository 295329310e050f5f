"""The network's mathematics: activations, initialisers, clipping, cells, and back-propagation through time by hand."""
