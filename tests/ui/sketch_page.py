"""A page with nothing but a sketch on it."""

from playground.ui.live.component import address

PAGE = f"""<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>A sketch</title>
<style>
  body {{ margin: 16px }}
  #place {{ --st-background-color: #ffffff; --st-text-color: #1f2428; --st-font: sans-serif; background: #ffffff }}
  .dark #place {{ --st-background-color: #111417; --st-text-color: #e6e8ea; background: #111417 }}
</style>
<body><main><h1>A sketch</h1><div id="place"></div></main>
<script type="module">
  const module = await import("{address()}/lessons/sketch.js");
  const place = document.getElementById("place");
  window.sent = [];
  window.show = async (sketch) => {{
    const setStateValue = (name, value) => sent.push([name, JSON.parse(value)]);
    const data = {{ sketch: JSON.stringify(sketch) }};
    window.close_ = await module.default({{ parentElement: place, data, setStateValue }});
  }};
  window.ready = true;
</script>"""
