"""A playground in which people see a recurrent network learn, and fail."""
