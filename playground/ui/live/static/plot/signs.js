// What stands in the cells of a heat map: a word or number each, or one of the signs that are drawn, equally large.

import { inkOn } from "./colours.js";
import { CAPITAL, widthOf, write } from "./text.js";

const RADIUS = 0.2; // of a sign, of the smaller side of its cell
const RADII = [2, 8]; // px, the least that is told apart and the most that is needed
const LETTERS = [9, 14]; // px, the same of words
const [HIGH, WIDE] = [0.5, 0.86]; // of its cell, that a word may fill
const SOLID = "●◐▲"; // what is filled, the half of one
const STROKE = 0.25; // of a radius

const PATHS = {
  "●": circle,
  "◐": circle,
  "○": circle,
  "▲": (context, x, y, r) => corners(context, [x, y - r], [x + r, y + 0.8 * r], [x - r, y + 0.8 * r]),
  "▽": (context, x, y, r) => corners(context, [x, y + r], [x + r, y - 0.8 * r], [x - r, y - 0.8 * r]),
  "✕": (context, x, y, r) => {
    for (const side of [-1, 1]) {
      context.moveTo(x - 0.8 * r, y - 0.8 * r * side);
      context.lineTo(x + 0.8 * r, y + 0.8 * r * side);
    }
  },
};

// `texts` and `colours` (bytes, 0 where there is no cell) in rows, `columns` and `lines` the edges of the cells in px.
// Words are as large as all of them fit; where that is too small to be read, nothing stands there.
export function drawSigns(context, texts, colours, [columns, lines], { family }) {
  const [width, height] = [Math.abs(columns[1] - columns[0]), Math.abs(lines[1] - lines[0])];
  const words = texts.flat().filter((text) => text && !PATHS[text]);
  const widest = Math.max(0, ...words.map((text) => widthOf(context, text, { size: 10, family }))) / 10;
  const size = Math.min(LETTERS[1], (height * HIGH) / CAPITAL, (width * WIDE) / widest);
  const radius = Math.min(RADII[1], RADIUS * Math.min(width, height));
  const across = columns.length - 1;
  colours.forEach((colour, at) => {
    const [j, i] = [at % across, Math.floor(at / across)];
    const text = texts[i]?.[j];
    if (!colour || !text) return;
    const [x, y] = [(columns[j] + columns[j + 1]) / 2, (lines[i] + lines[i + 1]) / 2];
    const ink = inkOn(colour);
    if (!PATHS[text]) {
      if (size >= LETTERS[0]) write(context, text, x, y, { size, family, align: "center", colour: ink });
    } else if (radius >= RADII[0]) sign(context, text, x, y, radius, ink);
  });
}

function sign(context, text, x, y, radius, ink) {
  Object.assign(context, { strokeStyle: ink, fillStyle: ink, lineWidth: Math.max(1, radius * STROKE), lineJoin: "miter" });
  context.beginPath();
  PATHS[text](context, x, y, radius);
  context.stroke();
  if (!SOLID.includes(text)) return;
  if (text === "◐") {
    context.beginPath();
    context.arc(x, y, radius, Math.PI / 2, -Math.PI / 2);
  }
  context.fill();
}

function circle(context, x, y, radius) {
  context.arc(x, y, radius, 0, 2 * Math.PI);
}

function corners(context, ...points) {
  for (const point of points) context.lineTo(...point);
  context.closePath();
}
