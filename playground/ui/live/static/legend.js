// Legend and colour scale as plain elements, and as plain facts for a picture that is a file.

import { element } from "./element.js";

const BORDERS = { dot: "dotted", dash: "dashed" };
const GLYPHS = { x: "✕", "triangle-down": "▽", "triangle-up": "△", square: "■", diamond: "◆", circle: "●" };

// What the lines and marks that are to be seen are called and look like: a line of this width and dash, or a glyph.
// Ink, where the trace has no colour of its own.
export function entriesOf(traces, ink) {
  const entries = traces.filter(({ type, showlegend }) => type === "scatter" && showlegend !== false);
  return entries.map(({ name, meta, mode, line, marker }) => ({
    text: meta ?? name,
    colour: line?.color ?? plain(marker?.color) ?? ink,
    width: line?.width ?? 2,
    dash: line?.dash,
    glyph: mode === "markers" ? glyphOf(marker) : null,
  }));
}

export function legendOf(traces) {
  return entriesOf(traces, "currentColor").map(({ text, colour, width, dash, glyph }) => {
    const entry = element("span", "pg-entry");
    const swatch = element("i", glyph ? "pg-mark" : "pg-line");
    if (glyph) swatch.textContent = glyph;
    else swatch.style.borderTop = `${Math.max(width, 1.5)}px ${BORDERS[dash] ?? "solid"}`;
    swatch.style.color = swatch.style.borderColor = colour;
    const name = element("span", "pg-name", text);
    name.title = text;
    entry.append(swatch, name);
    return entry;
  });
}

// The colours beside a heat map and the numbers along them, from 0 (bottom) to 1; null where colours need no numbers.
export function colourScale(layout, template) {
  const names = Object.keys(layout).filter((each) => /^coloraxis\d*$/.test(each));
  const name = names.find((each) => layout[each].colorbar && layout[each].showscale !== false);
  if (!name) return null;
  const { cmin, cmax, colorbar } = layout[name];
  return {
    stops: template.layout[name].colorscale,
    labels: colorbar.tickvals.map((at, i) => ({ share: (at - cmin) / (cmax - cmin), text: colorbar.ticktext[i] })),
  };
}

// The same as an element, as high as the plot area.
export function scaleOf(layout, template) {
  const scale = colourScale(layout, template);
  if (!scale) return null;
  const { margin } = layout;
  const strip = element("div", "pg-scale");
  Object.assign(strip.style, { top: `${margin.t}px`, bottom: `${margin.b}px` });
  const bar = element("i", "pg-bar");
  const stops = scale.stops.map(([at, colour]) => `${colour} ${100 * at}%`);
  bar.style.background = `linear-gradient(to top, ${stops.join(", ")})`;
  const labels = scale.labels.map(({ share, text }) => {
    const label = element("span", "", text);
    label.style.bottom = `${100 * share}%`;
    return label;
  });
  strip.append(bar, ...labels);
  strip.setAttribute("aria-hidden", "true");
  return strip;
}

function plain(colour) {
  return typeof colour === "string" ? colour : undefined;
}

function glyphOf({ symbol = "circle" } = {}) {
  return Object.entries(GLYPHS).find(([begins]) => String(symbol).startsWith(begins))?.[1] ?? "●";
}
