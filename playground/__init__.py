"""A playground in which people see a recurrent network learn, and fail."""

__version__ = "0.2.0"
