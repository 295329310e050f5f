// Lines, areas and markers of scatter traces.

import { numbers, places } from "./arrays.js";
import { scalesOf } from "./frame.js";
import { SYMBOLS } from "./symbols.js";

const CROWDED = 4; // points a pixel, from which only the highest and lowest of each column are drawn
const AREA = 0.5; // a fill without a colour of its own is its line's, half transparent

// Where a trace's points stand, in px; NaN for one without a place.
export function pointsOf(trace, frame) {
  const y = numbers(trace.y);
  const x = places(trace, "x", y.length);
  const [across, up] = scalesOf(frame, trace);
  const [px, py] = [Float64Array.from(x, (value) => across.at(value)), Float64Array.from(y, (value) => up.at(value))];
  return { x, y, px, py };
}

// `points` and `before` are the places of this trace's points, and of those of the trace under it.
export function drawFill(context, trace, points, before, frame) {
  if (!trace.fill || trace.fill === "none") return;
  const under = trace.fill === "tonexty" ? before : null;
  const [, up] = scalesOf(frame, trace);
  const ground = up.log ? up.from : up.along(0);
  context.fillStyle = trace.fillcolor ?? trace.line?.color ?? frame.ink;
  context.globalAlpha = trace.fillcolor ? 1 : AREA;
  context.beginPath();
  for (const [from, to] of stretches(points, under)) {
    outline(context, points, from, to, trace.line?.shape);
    if (under) back(context, under, from, to, trace.line?.shape);
    else if (trace.fill !== "toself") {
      context.lineTo(points.px[to - 1], ground);
      context.lineTo(points.px[from], ground);
    }
    context.closePath();
  }
  context.fill();
  context.globalAlpha = 1;
}

export function drawLine(context, trace, points, { ink, area }) {
  if (!(trace.mode ?? "lines").includes("lines") || trace.line?.width === 0) return;
  const { width = 2, color = ink, dash, shape } = trace.line ?? {};
  const { px, py } = thinned(points, area);
  context.strokeStyle = color;
  context.lineWidth = width;
  context.lineJoin = "round";
  context.setLineDash(dashes(dash, width));
  context.lineCap = dash && dash !== "solid" ? "butt" : "round";
  context.beginPath();
  for (let i = 0, open = false; i < px.length; i++) {
    const placed = Number.isFinite(px[i]) && Number.isFinite(py[i]);
    if (placed && open && shape === "hv") context.lineTo(px[i], py[i - 1]);
    if (placed && !open) context.moveTo(px[i] - 0.01, py[i]); // so that a point between two gaps is a dot
    if (placed) context.lineTo(px[i], py[i]);
    open = placed;
  }
  context.stroke();
  context.setLineDash([]);
}

export function drawMarkers(context, trace, { px, py }, { ink }, colourOf) {
  if (!trace.mode?.includes("markers")) return;
  const { symbol = "circle", size = 6, color, line, opacity = 1 } = trace.marker ?? {};
  const each = (value, i) => (Array.isArray(value) || ArrayBuffer.isView(value) ? value[i] : value);
  const [sizes, colours] = [size?.bdata ? numbers(size) : size, color?.bdata ? numbers(color) : color];
  context.globalAlpha = opacity;
  for (let i = 0; i < px.length; i++) {
    if (!Number.isFinite(px[i]) || !Number.isFinite(py[i])) continue;
    const found = each(colours, i);
    const own = typeof found === "number" ? colourOf(trace.marker, found) : (found ?? trace.line?.color ?? ink);
    const mark = SYMBOLS[each(symbol, i)] ?? SYMBOLS.circle;
    context.beginPath();
    mark.path(context, px[i], py[i], each(sizes, i) / 2);
    if (!mark.open) context.fillStyle = own;
    if (!mark.open) context.fill();
    context.lineWidth = each(line?.width, i) ?? (mark.open ? 1 : 0);
    context.strokeStyle = each(line?.color, i) ?? own;
    if (context.lineWidth && (mark.open || line?.width)) context.stroke();
  }
  context.globalAlpha = 1;
}

export function dashes(dash, width) {
  const unit = Math.max(width, 3);
  const named = { dot: [unit, unit], dash: [3 * unit, 3 * unit], dashdot: [3 * unit, unit, unit, unit] };
  return named[dash] ?? (dash && dash !== "solid" ? dash.split(",").map(parseFloat) : []);
}

// From and to (exclusive) of the points that follow each other without a gap.
function* stretches({ px, py }, before) {
  let from = -1;
  for (let i = 0; i <= px.length; i++) {
    const there = i < px.length && Number.isFinite(px[i]) && Number.isFinite(py[i]) && !Number.isNaN(before?.py[i]);
    if (there && from < 0) from = i;
    if (!there && from >= 0) yield [from, i];
    if (!there) from = -1;
  }
}

function outline(context, { px, py }, from, to, shape) {
  context.moveTo(px[from], py[from]);
  for (let i = from + 1; i < to; i++) {
    if (shape === "hv") context.lineTo(px[i], py[i - 1]);
    context.lineTo(px[i], py[i]);
  }
}

function back(context, { px, py }, from, to, shape) {
  for (let i = Math.min(to, px.length) - 1; i >= from; i--) {
    context.lineTo(px[i], py[i]);
    if (shape === "hv" && i > from) context.lineTo(px[i], py[i - 1]);
  }
}

// At most four points for each pixel column: the first, the lowest, the highest and the last.
function thinned({ px, py }, { left, right }) {
  if (px.length < CROWDED * (right - left)) return { px, py };
  const kept = [];
  for (let i = 0; i < px.length; ) {
    let [column, low, high, last] = [Math.floor(px[i]), i, i, i];
    const first = i;
    for (; i < px.length && Math.floor(px[i]) === column && Number.isFinite(py[i]); i++) {
      if (py[i] < py[low]) low = i;
      if (py[i] > py[high]) high = i;
      last = i;
    }
    kept.push(...[...new Set([first, low, high, last])].sort((one, other) => one - other));
    if (i === first) i++; // a gap stands for itself
  }
  return { px: kept.map((i) => px[i]), py: kept.map((i) => py[i]) };
}
