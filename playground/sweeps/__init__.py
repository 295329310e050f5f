"""Maps: what trains, over one, two or three fields of a config. Cells that share shapes train together."""
