// Legend and colour scale as plain elements. Plotly would measure and draw its own anew with every frame, at a fifth of the
// cost of the whole picture.

import { element } from "./element.js";

const BORDERS = { dot: "dotted", dash: "dashed" };

// What the lines and marks that are to be seen are called.
export function legendOf(traces) {
  const entries = traces.filter(({ type, showlegend }) => type === "scatter" && showlegend !== false);
  return entries.map(({ name, meta, mode, line, marker }) => {
    const entry = element("span", "pg-entry");
    const swatch = element("i", mode === "markers" ? "pg-mark" : "pg-line");
    if (mode === "markers") swatch.textContent = marker.symbol.startsWith("x") ? "✕" : "▽";
    else swatch.style.borderTop = `${Math.max(line.width, 1.5)}px ${BORDERS[line.dash] ?? "solid"}`;
    // Ink, where the trace has no colour of its own.
    swatch.style.color = swatch.style.borderColor = line?.color ?? marker?.color ?? "currentColor";
    const text = element("span", "pg-name", meta ?? name);
    text.title = text.textContent;
    entry.append(swatch, text);
    return entry;
  });
}

// The strip of colours beside a heat map, as high as its plot area; null for a figure whose colours need no numbers.
export function scaleOf({ coloraxis, margin }, template) {
  if (!coloraxis?.colorbar) return null;
  const { cmin, cmax, colorbar } = coloraxis;
  const strip = element("div", "pg-scale");
  Object.assign(strip.style, { top: `${margin.t}px`, bottom: `${margin.b}px` });
  const stops = template.layout.coloraxis.colorscale.map(([at, colour]) => `${colour} ${100 * at}%`);
  const bar = element("i", "pg-bar");
  bar.style.background = `linear-gradient(to top, ${stops.join(", ")})`;
  const labels = colorbar.tickvals.map((value, i) => {
    const label = element("span", "", colorbar.ticktext[i]);
    label.style.bottom = `${(100 * (value - cmin)) / (cmax - cmin)}%`;
    return label;
  });
  strip.append(bar, ...labels);
  strip.setAttribute("aria-hidden", "true");
  return strip;
}
