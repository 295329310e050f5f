"""A page with nothing but the live pictures on it."""

from playground.ui.live.component import address

NOW = "Gradient at every time step"
LOSS = "Loss and test metric"

PAGE = f"""<!doctype html><meta charset="utf-8"><body style="margin:16px"><div id="place"></div>
<style>#place {{ --st-background-color:#ffffff; --st-text-color:#1f2428; --st-font:sans-serif }}</style>
<script type="module">
  window.sockets = [];
  window.WebSocket = class extends WebSocket {{ constructor(...all) {{ super(...all); sockets.push(this); }} }};
  const module = await import("{address()}/live.js");
  const place = document.getElementById("place");
  window.show = async (run, more) => {{
    const shown = JSON.stringify({{ run, base: "", ...more }});
    const setStateValue = (name, value) => (window[name] = value);
    window.unmount = await module.default({{ parentElement: place, data: {{ shown }}, setStateValue }});
  }};
  window.card = (title) => [...document.querySelectorAll(".pg-card")].find((c) => c.innerText.startsWith(title));
  window.plot = (title) => card(title).querySelector(".pg-plot");
  window.area = (title) => {{
    const [box, {{ l, r, t, b }}] = [plot(title).getBoundingClientRect(), plot(title).layout.margin];
    return [box.x + l, box.y + t, box.width - l - r, box.height - t - b];
  }};
  window.trace = (title, name) => plot(title).data?.find((each) => each.name === name);
  // Counts each animation frame in which any picture is missing.
  window.blank = 0;
  const look = () => {{
    const seen = [...document.querySelectorAll(".pg-card:not([hidden]) .pg-plot")];
    if (seen.some((each) => !each.querySelector(".pg-layer") || !each.layout)) window.blank++;
    requestAnimationFrame(look);
  }};
  window.watchForBlanks = look;
  await show(null);
</script>"""


def drawn_until(page, update):
    # The newest point that is drawn, not the newest that has arrived.
    page.wait_for_function(f"trace('{LOSS}', 'loss')?.x?.at?.(-1) >= {update}")
