// What stands under the pointer, in words with exact values.

import { rowsOf } from "./arrays.js";
import { formatted, number } from "./numbers.js";
import { linesOf } from "./text.js";

const NEAR = 24; // px from the pointer to a point that is meant
const MOST = 6; // lines that one text lists, fewer in a low picture
const LINE = 16; // px, each
const FIELD = /%\{(\w+)(?::([^}]*))?\}/g;

// {at: px of the points, rows: {name, colour, text}}, or null where nothing is near.
export function found(frame, x, y) {
  const { left, right, top, bottom } = frame.area;
  if (x < left || x > right || y < top || y > bottom) return null;
  return nearest(frame, x, y) ?? cell(frame, x, y);
}

function nearest(frame, x, y) {
  const near = frame.drawn.filter(speaks).flatMap((each) => candidate(each, x, y) ?? []);
  if (!near.length) return null;
  near.sort((one, other) => one.away - other.away);
  const [{ px }] = near;
  // All lines that have a value there, and of a cloud of points the one.
  const together = near[0].alone ? near.slice(0, 1) : near.filter((each) => !each.alone && Math.abs(each.px - px) < 1);
  together.sort((one, other) => Math.abs(one.py - y) - Math.abs(other.py - y));
  const room = Math.floor((frame.size.height - frame.area.top) / LINE) - 2;
  const kept = together.slice(0, Math.max(1, Math.min(MOST, room))).sort((one, other) => one.py - other.py);
  return { at: kept, rows: kept.map(({ trace, values }) => row(trace, values, frame)) };
}

function speaks({ trace, points }) {
  return points && trace.hoverinfo !== "skip" && trace.hoverinfo !== "none";
}

function candidate({ trace, points: { x, y, px, py } }, atX, atY) {
  const alone = trace.mode === "markers";
  let best = -1;
  let least = NEAR;
  for (let i = 0; i < px.length; i++) {
    if (Number.isNaN(px[i]) || Number.isNaN(py[i])) continue;
    const away = alone ? Math.hypot(px[i] - atX, py[i] - atY) : Math.abs(px[i] - atX);
    if (away < least) [best, least] = [i, away];
  }
  if (best < 0) return null;
  const text = Array.isArray(trace.text) ? trace.text[best] : trace.text;
  return { trace, alone, away: least, px: px[best], py: py[best], values: { x: x[best], y: y[best], text } };
}

// The uppermost heat map that has a value there.
function cell(frame, x, y) {
  for (const { trace, cells } of [...frame.drawn].reverse()) {
    if (!cells || trace.hoverinfo === "skip") continue;
    const [column, line] = [between(cells.columns, x), between(cells.lines, y)];
    const value = cells.rows[line]?.[column];
    if (value === undefined || value === null || Number.isNaN(value)) continue;
    const [text, hovertext] = [trace.text, trace.hovertext].map((given) => {
      const texts = rowsOf(given);
      if (texts.length === 1 && !trace.transpose) return texts[0][column]; // the same all the way up
      return trace.transpose ? texts[column]?.[line] : texts[line]?.[column];
    });
    const values = { x: cells.x[column], y: cells.y[line], z: value, text, hovertext };
    return { at: [], rows: [row(trace, values, frame)] };
  }
  return null;
}

function between(edges, px) {
  for (let i = 0; i < edges.length - 1; i++) {
    if ((px - edges[i]) * (px - edges[i + 1]) <= 0) return i;
  }
  return -1;
}

function row(trace, values, frame) {
  const [template, extra = null] = (trace.hovertemplate ?? plain(trace)).split(/<extra>|<\/extra>/);
  const fields = { ...values, meta: trace.meta ?? "", name: trace.name ?? "" };
  const said = (text) => {
    const filled = text.replace(FIELD, (_, name, format) => field(name, fields[name], format, trace, frame));
    return linesOf(powers(filled)).join("\n");
  };
  const name = extra === null ? (trace.meta ?? trace.name ?? "") : said(extra);
  return { name, colour: trace.line?.color ?? trace.marker?.color ?? frame.ink, text: said(template) };
}

function plain({ z }) {
  return z ? "%{x}, %{y}: %{z}" : "%{x}: %{y}";
}

function field(name, value, format, trace, { axes }) {
  if (typeof value !== "number") return value ?? "";
  return formatted(value, format ?? axes[trace[`${name}axis`] ?? name]?.spec.hoverformat);
}

// 10^−3.4 is what a template says of a logarithm; a reader is told the number.
function powers(text) {
  return text.replace(/10\^(−?[\d.]+)/g, (_, exponent) => number(10 ** Number(exponent.replace("−", "-"))));
}
