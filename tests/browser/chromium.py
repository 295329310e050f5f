"""Debian's Chromium, or a Chrome that is there: playwright's own is a download."""

import os
import shutil

import pytest

NAMES = ("chromium", "google-chrome", "chromium-browser")
SHELL = "chromium-headless-shell"
"""The same without a window's frame, which costs a third of a test's time; measurements are made in a whole one."""
FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


def launch_args(*, whole=False):
    """For playwright's `launch`. Where there is no browser, tests are skipped with the reason; in CI they fail."""
    found = next(filter(None, map(shutil.which, NAMES if whole else (SHELL, *NAMES))), None)
    if found is None:
        reason = f"No browser: none of {', '.join(NAMES)} is on the PATH."
        if os.environ.get("CI") == "true":
            pytest.fail(reason)
        pytest.skip(reason)
    return {"executable_path": found, "args": list(FLAGS)}
