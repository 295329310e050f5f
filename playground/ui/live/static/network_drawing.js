// The unrolled network on one canvas: inputs below, layers as rows, answers above where they count, in the x positions of
// the pictures' time axis. Few strokes, so that a frame costs a fraction of a millisecond.

import { NO_SIGNAL, ZERO } from "./network_colours.js";
import { drawFrame, drawNames } from "./network_frame.js";
import { Ink } from "./network_ink.js";

const LANE = 15; // px for the answers, and for the inputs
const ROUND_FROM = 14; // px a step: below, nodes are cells
const NUMBERS_FROM = 40; // px a step, from which every node has its number
const ROOMY = 24; // px a row, from which numbers stand between the rows; larger letters need more
const TIGHT = 11; // px a row, below which there are none
const LARGEST = 8; // px of a node's radius

export class Drawing {
  constructor(canvas) {
    this.ink = new Ink(canvas);
  }

  // `found` as `coloursOf` gives it; `range` of the time axis is what the reader sees of it, null for all; `moment` is
  // what slow motion shows, null otherwise.
  draw(network, found, { template, size, margin, range, moment }) {
    const { ink } = this;
    ink.begin(template, size);
    const place = placeOf(network, size, margin, range ?? [0.5, network.steps + 0.5], ink.larger);
    const { left, right } = place;
    ink.pen.save();
    ink.pen.beginPath();
    ink.pen.rect(left - LARGEST, 0, right - left + 2 * LARGEST, size.height);
    ink.pen.clip();
    drawFrame(ink, network, place, moment?.phase === "loss");
    network.rows.forEach((row, r) => {
      const looks = Array.from({ length: row.last }, (_, t) => lookOf(r, t + 1, found, moment));
      looks.forEach((look, t) => this.node(place, r, t + 1, look));
      this.marks(place, r, looks);
    });
    ink.pen.restore();
    drawNames(ink, network, place);
    if (moment) this.numbers(network, place, moment);
  }

  node({ x, y, wide, high, round, radius }, row, step, look) {
    const { pen, ink, muted } = this.ink;
    const [cx, cy] = [x(step), y(row)];
    // There may be 1,600 nodes: only what changes is set.
    if (look.faint) pen.globalAlpha = 0.3;
    pen.fillStyle = this.fill(look, round);
    if (round) this.ink.dot(cx, cy, radius);
    else pen.fillRect(cx - wide / 2, cy - high / 2, wide - (wide > 4 ? 1 : 0), high);
    if (round || look.lit) Object.assign(pen, { strokeStyle: look.lit ? ink : muted, lineWidth: look.lit ? 2 : 1 });
    if (round) pen.stroke();
    else if (look.lit) pen.strokeRect(cx - wide / 2 - 1, cy - high / 2 - 1, wide + 2, high + 2);
    if (look.faint) pen.globalAlpha = 1;
  }

  fill({ value, scale }, round) {
    const { paper, hairline, bad, zero } = this.ink;
    if (value === NO_SIGNAL) return round ? paper : hairline;
    if (Number.isNaN(value)) return bad;
    return value === ZERO ? zero : this.ink.shade(value, scale);
  }

  // Shape carries the meaning too: ▽ or ✕ on each such node, or one on neighbours that are too narrow.
  marks({ x, y, wide, high, round, radius }, row, looks) {
    const size = Math.min(4, round ? radius * 0.55 : high * 0.3);
    const kinds = looks.map(({ value }) => (Number.isNaN(value) ? "✕" : value === ZERO ? "▽" : ""));
    for (let from = 0; from < kinds.length; ) {
      let to = from + 1;
      while (!round && kinds[to] === kinds[from]) to += 1;
      const fits = (to - from) * wide >= 2 * size + 1;
      if (kinds[from] && fits) this.mark(kinds[from] === "✕", (x(from + 1) + x(to)) / 2, y(row), size);
      from = to;
    }
  }

  mark(bad, x, y, size) {
    const { pen, paper } = this.ink;
    Object.assign(pen, { strokeStyle: bad ? "#ffffff" : paper, lineWidth: 1.25 });
    pen.beginPath();
    if (bad) {
      pen.moveTo(x - size, y - size);
      pen.lineTo(x + size, y + size);
      pen.moveTo(x + size, y - size);
      pen.lineTo(x - size, y + size);
    } else {
      pen.moveTo(x - size, y - size * 0.7);
      pen.lineTo(x + size, y - size * 0.7);
      pen.lineTo(x, y + size);
      pen.closePath();
    }
    pen.stroke();
  }

  // Of what is lit; of everything that was gone through, where there is room.
  numbers(network, place, { texts, losses, loss, over }) {
    const { ink } = this;
    const { y, top, left, right, first, last } = place;
    const seen = ({ step }) => step >= first && step <= last;
    this.states(place, texts.filter(seen));
    for (const { step, text } of losses.filter(seen)) this.answer(network, place, step, text, losses.length === 1);
    if (loss) ink.stress(loss, right + 6, top, { align: "left" });
    if (over.length) ink.board(over, (left + right) / 2, (y(0) + y(network.rows.length - 1)) / 2, right - left);
  }

  states({ x, y, apart, wide, high, round, radius, left, right }, texts) {
    const { ink } = this;
    const [roomy, tight] = [ROOMY, TIGHT].map((px) => apart >= px * ink.larger);
    const all = roomy && round && wide >= NUMBERS_FROM * ink.larger;
    const off = (round ? radius : high / 2) + 7 * ink.larger;
    const between = [left, right];
    for (const { row, step, text, long, lit } of texts) {
      if (lit && roomy) ink.stress(long, x(step), y(row) - off, { between });
      else if (lit && tight) ink.stress(text, x(step) + radius + 16, y(row), { between });
      const below = { align: "center", colour: lit ? ink.ink : ink.muted, size: 10 };
      if (all) ink.write(text, x(step), y(row) + off, below);
    }
  }

  answer({ steps }, { x, wide, top }, step, text, alone) {
    if (!alone && wide < NUMBERS_FROM * this.ink.larger) return;
    const align = step > steps / 4 ? "right" : "left";
    this.ink.stress(text, x(step) + (align === "left" ? 7 : -7), top, { align });
  }
}

// Where everything stands: this range of steps between the margins of the pictures below.
function placeOf({ rows, steps }, { width, height }, margin, [from, to], larger) {
  const [left, right, lane] = [margin.l, width - margin.r, LANE * larger];
  const wide = (right - left) / (to - from);
  const apart = (height - 2 * lane - 4) / rows.length;
  return {
    x: (step) => left + (step - from) * wide,
    y: (row) => lane + 2 + (row + 0.5) * apart,
    ...{ left, right, wide, apart, top: lane / 2 + 1, bottom: height - lane / 2 - 1 },
    ...{ first: Math.max(1, Math.ceil(from)), last: Math.min(steps, Math.floor(to)) },
    round: wide >= ROUND_FROM,
    high: Math.max(2, Math.min(18 * larger, apart - 2)),
    radius: Math.max(2, Math.min(LARGEST * larger, wide * 0.36, apart * 0.42)),
  };
}

// What one node looks like: its value on which scale, whether it is still to come, whether it is the one.
function lookOf(row, step, found, moment) {
  if (moment) return moment.look(row, step);
  return { value: found ? found[row][step - 1] : NO_SIGNAL, scale: "ratio" };
}
