"""What every room shares: components and their registry, measurements, seeds, errors. Imports nothing of ours."""
