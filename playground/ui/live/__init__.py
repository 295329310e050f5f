"""Live pictures: the worker's rows, pushed to the browser as they come, drawn there without any script run."""

from starlette.routing import BaseRoute, Route, WebSocketRoute

from playground.runs.catalog import Catalog
from playground.runs.engine import engine
from playground.ui import browser
from playground.ui.live.assets import serve, warm_up
from playground.ui.live.component import PREFIX, base, live, looked_back
from playground.ui.live.past import Past
from playground.ui.live.route import Live

__all__ = ["live", "looked_back", "routes", "warm_up"]


def routes(catalog: Catalog | None = None) -> list[BaseRoute]:
    """What the server must offer for `live` to work: the socket, the way back in time, and its scripts."""
    catalog = catalog or engine().catalog
    return [
        WebSocketRoute(f"{base()}/live/{{run}}", Live(catalog, browser.owner).watch),
        Route(f"{base()}/live/{{run}}/at/{{update}}", Past(catalog, browser.owner).at),
        Route(f"{base()}/{PREFIX}/{{version}}/{{name:path}}", serve),
    ]
