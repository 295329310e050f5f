"""Benchmarks run only where they are named: `pytest tests/benchmarks` or `pytest --benchmark-only`."""


def pytest_ignore_collect(config):
    named = any("benchmarks" in str(argument) for argument in config.invocation_params.args)
    return None if named or config.getoption("benchmark_only", False) else True
