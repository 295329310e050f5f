// Lines, boxes and words that are not data: alarms, what guessing scores, where a decoder begins.

import { clip } from "./frame.js";
import { dashes } from "./marks.js";
import { write } from "./text.js";

const PADDING = 3;
const SIDES = { left: 1, center: 0, right: -1, top: 1, middle: 0, bottom: -1 };

// Those of a layer, "below" or "above" the data, and then their labels, which no edge cuts off.
export function drawShapes(context, frame, layer) {
  const shapes = (frame.layout.shapes ?? []).filter((shape) => (shape.layer ?? "above") === layer);
  const boxed = shapes.map((shape) => ({ ...shape, box: boxOf(shape, frame) }));
  const placed = boxed.filter(({ box }) => box.every(Number.isFinite));
  context.save();
  clip(context, frame);
  for (const shape of placed) outline(context, shape, frame);
  context.restore();
  for (const shape of placed) if (shape.label?.text) label(context, shape, frame);
}

function boxOf({ xref, yref, x0, x1, y0, y1 }, frame) {
  const [across, up] = [(value) => place(frame, "x", xref, value), (value) => place(frame, "y", yref, value)];
  return [across(x0), up(y0), across(x1), up(y1)];
}

function outline(context, { type, box: [x0, y0, x1, y1], fillcolor, opacity = 1, ...shape }, { template }) {
  const { color, width = 2, dash } = { ...template.layout.shapedefaults.line, ...shape.line };
  context.beginPath();
  context.globalAlpha = opacity;
  if (type === "line") {
    context.moveTo(x0, y0);
    context.lineTo(x1, y1);
  } else if (type === "circle") {
    context.ellipse((x0 + x1) / 2, (y0 + y1) / 2, Math.abs(x1 - x0) / 2, Math.abs(y1 - y0) / 2, 0, 0, 2 * Math.PI);
  } else context.rect(x0, y0, x1 - x0, y1 - y0);
  if (fillcolor && type !== "line") {
    context.fillStyle = fillcolor;
    context.fill();
  }
  if (width) {
    Object.assign(context, { strokeStyle: color, lineWidth: width, lineCap: "butt" });
    context.setLineDash(dashes(dash, width));
    context.stroke();
    context.setLineDash([]);
  }
  context.globalAlpha = 1;
}

function label(context, { box: [x0, y0, x1, y1], label }, { area, ink, family, paper }) {
  const along = { start: 0, middle: 0.5, end: 1 }[label.textposition] ?? 0.5;
  const [x, y] = [x0 + along * (x1 - x0), y0 + along * (y1 - y0)];
  if (x < area.left - 1 || x > area.right + 1 || y < area.top - 1 || y > area.bottom + 1) return;
  // Of a line that stands upright a label is in the middle; of one across it begins or ends where the line does.
  const align = label.xanchor ?? ["left", "center", "right"][x1 > x0 ? 2 * along : 1];
  const { yanchor: baseline = "bottom", font = {} } = label;
  const style = { size: font.size ?? 12, colour: font.color ?? ink, family, align, baseline, halo: paper };
  write(context, label.text, x + PADDING * SIDES[align], y + PADDING * SIDES[baseline], style);
}

export function drawAnnotations(context, frame) {
  for (const note of frame.layout.annotations ?? []) {
    if (note.visible === false || !note.text) continue;
    const [x, y] = [coordinate(frame, "x", note.xref, note.x), coordinate(frame, "y", note.yref, note.y)];
    if (!Number.isFinite(x) || !Number.isFinite(y)) continue;
    write(context, note.text, x + (note.xshift ?? 0), y - (note.yshift ?? 0), {
      size: note.font?.size ?? 12,
      colour: note.font?.color ?? frame.colour,
      family: frame.family,
      align: anchored(note.xanchor) ?? "center",
      baseline: anchored(note.yanchor) ?? "middle",
      angle: note.textangle,
      halo: note.font?.shadow === "none" ? undefined : frame.paper,
    });
  }
}

function anchored(anchor) {
  return anchor === "auto" ? undefined : anchor;
}

// A value's place; "paper" and "domain" count from 0 to 1 over the plot area.
function place(frame, letter, ref = letter, value) {
  const { scale } = frame.axes[ref] ?? {};
  return scale ? scale.at(value) : within(frame, letter, value);
}

// An annotation on a log axis says where it stands as the axis counts, unlike a shape.
function coordinate(frame, letter, ref = letter, value) {
  const { scale } = frame.axes[ref] ?? {};
  return scale ? scale.along(value) : within(frame, letter, value);
}

function within({ area }, letter, share) {
  return letter === "x" ? area.left + share * (area.right - area.left) : area.bottom - share * (area.bottom - area.top);
}
