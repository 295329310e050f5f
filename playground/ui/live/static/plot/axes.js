// Grid, tick labels and titles of the axes.

import { ticksOf } from "./ticks.js";
import { CAPITAL, widthOf, write } from "./text.js";

const GAP = 6; // px between the plot area and its labels
const APART = 14; // px between two labels beside each other
const EDGE = 4; // px between a title and the edge of the picture
const UNDER = 8; // px between the labels of an axis across and its title
const TIGHT = 1.4; // heights of a letter from one label to the next above it

export function drawAxes(context, frame) {
  for (const axis of Object.values(frame.axes)) {
    if (axis.spec.visible === false) continue;
    const ticks = ticksFor(context, axis, frame);
    if (axis.spec.showgrid !== false) grid(context, axis, ticks, frame);
    if (axis.spec.showticklabels !== false) labels(context, axis, ticks, frame);
    if (axis.spec.title?.text) title(context, axis, frame);
  }
}

function fontOf({ spec: { tickfont } }, { family }) {
  return { size: tickfont.size, family, colour: tickfont.color };
}

function ticksFor(context, axis, frame) {
  const font = fontOf(axis, frame);
  const upright = axis.id[0] === "x" && !axis.spec.tickangle;
  const room = upright ? (text) => widthOf(context, text, font) + APART : () => font.size * TIGHT;
  return ticksOf(axis.spec, axis.scale, room);
}

// Hairlines as thin and sharp as the screen can show them.
function grid(context, { id, spec }, ticks, { area, dpr }) {
  context.strokeStyle = spec.gridcolor;
  context.lineWidth = Math.max(1, Math.round(dpr)) / dpr;
  context.beginPath();
  for (const { at } of ticks) {
    const sharp = (Math.floor(at * dpr) + (Math.round(dpr) % 2) / 2) / dpr;
    if (id[0] === "x") line(context, sharp, area.top, sharp, area.bottom);
    else line(context, area.left, sharp, area.right, sharp);
  }
  context.stroke();
}

function line(context, x0, y0, x1, y1) {
  context.moveTo(x0, y0);
  context.lineTo(x1, y1);
}

function labels(context, axis, ticks, frame) {
  const { area } = frame;
  const font = fontOf(axis, frame);
  const right = axis.spec.side === "right";
  const beside = right ? area.right + GAP : area.left - GAP;
  for (const { at, text } of ticks) {
    const angle = axis.spec.tickangle;
    if (angle) write(context, text, at, area.bottom + GAP, { ...font, align: "right", baseline: "top", angle });
    else if (axis.id[0] === "x") write(context, text, at, area.bottom + GAP, { ...font, align: "center", baseline: "top" });
    else write(context, text, beside, at, { ...font, align: right ? "left" : "right" });
  }
}

function title(context, { id, spec }, { area, size, family }) {
  const { text, font } = spec.title;
  const style = { size: font.size, family, colour: font.color, align: "center" };
  const upright = { ...style, angle: -90 };
  const [middle, centre] = [(area.left + area.right) / 2, (area.top + area.bottom) / 2];
  if (id[0] === "x") {
    const below = area.bottom + GAP + spec.tickfont.size * CAPITAL + UNDER;
    const lowest = size.height - EDGE - font.size;
    write(context, text, middle, spec.tickangle ? lowest : Math.min(below, lowest), { ...style, baseline: "top" });
  } else if (spec.side === "right") write(context, text, size.width - EDGE, centre, { ...upright, baseline: "bottom" });
  else write(context, text, EDGE, centre, { ...upright, baseline: "top" });
}
