// Heat maps: one pixel a cell, drawn large.

import { numbers, places, rowsOf } from "./arrays.js";
import { colourAxis, coloured, cssColour } from "./colours.js";
import { scalesOf } from "./frame.js";
import { drawSigns } from "./signs.js";

const EVEN = 1e-6; // relative to a cell; what differs less is evenly spaced
let scratch; // one for all pictures: it only lives until it is drawn

// The cells of a heat map: the rows of its values, and edges in px along both directions, one more than there are cells.
export function cellsOf(trace, frame) {
  const given = rowsOf(trace.z);
  const rows = trace.transpose ? turned(given) : given;
  const [across, up] = scalesOf(frame, trace);
  const x = places(trace, "x", rows[0]?.length ?? 0);
  const y = places(trace, "y", rows.length);
  return { rows, x, y, columns: edges(x, across), lines: edges(y, up) };
}

export function drawHeat(context, trace, { rows, columns, lines }, frame) {
  const [width, height] = [columns.length - 1, lines.length - 1];
  if (width < 1 || height < 1) return;
  const axis = colourAxis(frame, trace.coloraxis ?? "coloraxis", () => rows.flatMap((row) => Array.from(row)));
  const image = new ImageData(width, height);
  const cells = new Uint32Array(image.data.buffer);
  rows.forEach((row, i) => {
    for (let j = 0; j < width; j++) cells[i * width + j] = coloured(row[j] ?? NaN, axis);
  });
  if (trace.xgap || trace.ygap) apart(context, trace, cells, [columns, lines], frame.dpr);
  else together(context, image, [columns, lines], frame);
  if (trace.texttemplate) drawSigns(context, rowsOf(trace.text), cells, [columns, lines], frame);
}

// Cells with gaps between them: a few, that are to be seen one by one.
function apart(context, { xgap = 0, ygap = 0 }, cells, [columns, lines], dpr) {
  const across = columns.length - 1;
  const [lefts, tops] = [spans(columns, xgap, dpr), spans(lines, ygap, dpr)];
  cells.forEach((colour, at) => {
    if (!colour) return;
    const [[left, width], [top, height]] = [lefts[at % across], tops[Math.floor(at / across)]];
    context.fillStyle = cssColour(colour);
    context.fillRect(left, top, width, height);
  });
}

// Where each begins and how long it is, on whole pixels of the screen: without a gap they touch.
function spans(edges, gap, dpr) {
  const sharp = edges.map((px) => Math.round(px * dpr) / dpr);
  return sharp.slice(1).map((edge, i) => [Math.min(edge, sharp[i]) + gap / 2, Math.abs(edge - sharp[i]) - gap]);
}

function together(context, image, [columns, lines], frame) {
  scratch ??= document.createElement("canvas").getContext("2d", { willReadFrequently: true });
  Object.assign(scratch.canvas, { width: image.width, height: image.height });
  scratch.putImageData(image, 0, 0);
  context.imageSmoothingEnabled = false;
  for (const [left, right] of pieces(columns, frame.area.left, frame.area.right)) {
    for (const [top, bottom] of pieces(lines, frame.area.top, frame.area.bottom)) {
      piece(context, [left, right, columns], [top, bottom, lines], frame.dpr);
    }
  }
}

// Cells from … to (exclusive) in both directions. An axis that runs backwards turns the picture over.
function piece(context, [left, right, columns], [top, bottom, lines], dpr) {
  const sharp = (px) => Math.round(px * dpr) / dpr;
  const [x0, x1, y0, y1] = [sharp(columns[left]), sharp(columns[right]), sharp(lines[top]), sharp(lines[bottom])];
  if (x0 === x1 || y0 === y1) return;
  context.save();
  context.translate(x0, y0);
  context.scale(Math.sign(x1 - x0), Math.sign(y1 - y0));
  context.drawImage(scratch.canvas, left, top, right - left, bottom - top, 0, 0, Math.abs(x1 - x0), Math.abs(y1 - y0));
  context.restore();
}

// Half way between neighbours, as the axis counts.
function edges(centres, scale) {
  const at = Array.from(numbers(centres), (value) => scale.coordinate(value));
  const last = at.length - 1;
  if (last < 0) return [];
  const [first, final] = last > 0 ? [at[1] - at[0], at[last] - at[last - 1]] : [1, 1];
  const found = [at[0] - first / 2];
  for (let i = 0; i < last; i++) found.push((at[i] + at[i + 1]) / 2);
  return [...found, at[last] + final / 2].map((coordinate) => scale.along(coordinate));
}

// What of it is in sight: in one piece where the cells are evenly spaced, else cell by cell.
function pieces(edges, low, high) {
  const seen = [];
  for (let i = 0; i < edges.length - 1; i++) {
    if (Math.max(edges[i], edges[i + 1]) >= low && Math.min(edges[i], edges[i + 1]) <= high) seen.push(i);
  }
  if (!seen.length) return [];
  const [from, to] = [seen[0], seen.at(-1) + 1];
  const each = (edges[to] - edges[from]) / (to - from);
  const even = seen.every((i) => Math.abs(edges[i + 1] - edges[i] - each) <= EVEN * Math.abs(each));
  return even ? [[from, to]] : seen.map((i) => [i, i + 1]);
}

function turned(rows) {
  return Array.from({ length: rows[0]?.length ?? 0 }, (_, j) => rows.map((row) => row[j]));
}
