// A picture as a file: title on top, legend, colours' scale, on the theme's own ground.

import { colourScale, entriesOf } from "../legend.js";
import { drawAxes } from "./axes.js";
import { paint } from "./draw.js";
import { dashes } from "./marks.js";
import { widthOf, write } from "./text.js";

const SHARP = 2; // px of the file for one of the screen
const TITLE = 32;
const ROW = 18; // of the legend
const EDGE = 12;
const SWATCH = 27;
const GAP = 6;
const APART = 16;
const BAR = 8;

// `images` are frames with their titles, drawn one under the other; `entries` are of the legend, besides the traces'.
export function png(images) {
  const canvas = document.createElement("canvas");
  const context = canvas.getContext("2d");
  const parts = images.map((image) => partOf(context, image));
  const width = Math.max(...parts.map(({ frame }) => frame.size.width));
  const height = parts.reduce((sum, part) => sum + part.head + part.frame.size.height, 0);
  Object.assign(canvas, { width: width * SHARP, height: height * SHARP });
  context.scale(SHARP, SHARP);
  context.fillStyle = parts[0].frame.paper;
  context.fillRect(0, 0, width, height);
  for (const part of parts) {
    draw(context, part);
    context.translate(0, part.frame.size.height);
  }
  return new Promise((done) => canvas.toBlob(done, "image/png"));
}

// With the room that title and legend need over it.
function partOf(context, { frame, title, entries = [] }) {
  const rows = rowsOf(context, frame, entries);
  return { frame, title, rows, head: TITLE + rows.length * ROW };
}

function draw(context, { frame, title, rows, head }) {
  write(context, title, EDGE, TITLE / 2, { size: 15, weight: 600, family: frame.family, colour: frame.colour });
  rows.forEach((row, i) => legend(context, row, TITLE + (i + 0.5) * ROW, frame));
  context.translate(0, head);
  const copy = { ...frame, dpr: SHARP };
  drawAxes(context, copy);
  paint(context, copy);
  strip(context, copy);
}

function styleOf({ family, template }) {
  return { size: 12, family, colour: template.layout.legend.font.color };
}

// The legend's entries with their widths, as many in a row as there is room for.
function rowsOf(context, frame, entries) {
  const rows = [];
  let room = 0;
  for (const entry of [...entries, ...entriesOf(frame.traces, frame.ink)]) {
    const wide = SWATCH + GAP + widthOf(context, entry.text, styleOf(frame)) + APART;
    if (!rows.length || room < wide) {
      rows.push([]);
      room = frame.size.width - 2 * EDGE + APART;
    }
    rows.at(-1).push({ ...entry, wide });
    room -= wide;
  }
  return rows;
}

function legend(context, row, y, frame) {
  const style = styleOf(frame);
  let x = EDGE;
  for (const { text, colour, width, dash, glyph, wide } of row) {
    if (glyph) write(context, glyph, x + SWATCH, y, { ...style, weight: 700, colour, align: "right" });
    else stroke(context, x, x + SWATCH, y, { colour, width, dash });
    write(context, text, x + SWATCH + GAP, y, style);
    x += wide;
  }
}

function stroke(context, from, to, y, { colour, width, dash }) {
  Object.assign(context, { strokeStyle: colour, lineWidth: Math.max(width, 1.5) });
  context.setLineDash(dashes(dash, width));
  context.beginPath();
  context.moveTo(from, y);
  context.lineTo(to, y);
  context.stroke();
  context.setLineDash([]);
}

function strip(context, { layout, template, area, family }) {
  const scale = colourScale(layout, template);
  if (!scale) return;
  const left = area.right + BAR;
  const gradient = context.createLinearGradient(0, area.bottom, 0, area.top);
  for (const [at, colour] of scale.stops) gradient.addColorStop(at, colour);
  context.fillStyle = gradient;
  context.fillRect(left, area.top, BAR, area.bottom - area.top);
  const { size, color } = template.layout.xaxis.tickfont;
  for (const { share, text } of scale.labels) {
    const y = area.bottom - share * (area.bottom - area.top);
    write(context, text, left + BAR + 5, y, { size, family, colour: color });
  }
}
