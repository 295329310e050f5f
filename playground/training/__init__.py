"""From a RunConfig to events: `train(config)` yields what was measured, and never writes."""
