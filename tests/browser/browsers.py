"""Browsers that are used again: a new one fetches and unpacks all of the app, three seconds of a core each time."""

from collections.abc import Callable

from playwright.sync_api import BrowserContext

STORED = "cookies,local_storage,indexeddb,cache_storage,service_workers,websql,file_systems,shader_cache"
"""All that a page can leave behind, by the browser's own names; not what it fetched."""


class Browsers:
    """Each is one visitor's at a time, and knows nothing of the one before: no tab, cookie, or stored word."""

    def __init__(self, make: Callable[[], BrowserContext]) -> None:
        self._make = make
        self._free: list[BrowserContext] = []

    def take(self) -> BrowserContext:
        return self._free.pop() if self._free else self._make()

    def give_back(self, browser: BrowserContext) -> None:
        """One that its visitor has closed is gone."""
        if browser.pages:
            self._empty(browser)
            self._free.append(browser)

    def close(self) -> None:
        while self._free:
            self._free.pop().close()

    @staticmethod
    def _empty(browser: BrowserContext) -> None:
        origins = {page.evaluate("location.origin") for page in browser.pages}
        for page in browser.pages:
            page.goto("about:blank")
        *others, last = browser.pages
        for page in others:
            page.close()
        session = browser.new_cdp_session(last)
        for origin in origins - {"null"}:
            session.send("Storage.clearDataForOrigin", {"origin": origin, "storageTypes": STORED})
        last.close()
        browser.clear_cookies()
        browser.clear_permissions()
