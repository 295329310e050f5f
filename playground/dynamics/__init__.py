"""What theory says of a network before it trains."""
