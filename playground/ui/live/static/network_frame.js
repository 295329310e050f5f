// What of the unrolled network does not move: lines, inputs, answers, names.

const ARROWS_FROM = 12; // px between two nodes
const NAMED_FROM = 26; // px a step, from which each input has its number
const LOW = 11; // px a row, below which its name is short; larger letters need more

export function drawFrame(ink, network, place, answering) {
  lines(ink, network, place);
  if (network.handover) divide(ink, network, place);
  inputs(ink, network, place);
  answers(ink, network, place, answering);
}

function lines({ pen, muted }, network, place) {
  const { steps, rows, counts, both_ends: bothEnds } = network;
  const { x, y, wide, round, radius, top, bottom } = place;
  Object.assign(pen, { strokeStyle: muted, lineWidth: 1, globalAlpha: round ? 0.55 : 0.35 });
  pen.beginPath();
  for (let step = 1; step <= steps && round; step += 1) {
    pen.moveTo(x(step), bottom - 6);
    pen.lineTo(x(step), step >= counts[0] && step <= counts[1] ? top + 5 : y(0));
  }
  rows.forEach((row, r) => {
    pen.moveTo(x(1), y(r));
    pen.lineTo(x(row.last), y(r));
    if (wide - 2 * radius >= ARROWS_FROM) arrows(pen, place, r, row);
  });
  if (bothEnds) {
    // The answer also reads where the second pass ends: at step 1.
    pen.moveTo(x(1), y(1));
    pen.lineTo(x(1), top);
    pen.lineTo(x(steps), top);
  }
  pen.stroke();
}

// Which way time goes in a row: half-way between its nodes.
function arrows(pen, { x, y, wide }, r, { label, last }) {
  const tip = label.endsWith("←") ? -3 : 3;
  for (let step = 1; step < last; step += 1) {
    const at = x(step) + wide / 2;
    pen.moveTo(at - tip, y(r) - 3);
    pen.lineTo(at + tip, y(r));
    pen.lineTo(at - tip, y(r) + 3);
  }
}

function divide(ink, { handover }, { x, wide, top, bottom }) {
  const { pen } = ink;
  const at = x(handover) + wide / 2;
  pen.setLineDash([3, 3]);
  pen.beginPath();
  pen.moveTo(at, top - 6);
  pen.lineTo(at, bottom + 6);
  pen.stroke();
  pen.setLineDash([]);
  pen.globalAlpha = 1;
  ink.write("encoder", at - 6, top, { align: "right", size: 10 });
}

function inputs({ pen, muted }, { steps, reads, feeds, twice }, { x, wide, bottom }) {
  const box = Math.max(1, Math.min(6, wide * 0.6));
  pen.fillStyle = muted;
  for (let step = 1; step <= steps; step += 1) {
    const read = step <= reads;
    if (!read && feeds === "nothing") break;
    pen.globalAlpha = read ? 0.9 : feeds === "zeros" ? 0.25 : 0.5;
    pen.fillRect(x(step) - box / 2, bottom - 3, box, read ? 6 : 3);
    if (twice) pen.fillRect(x(step) - box / 2, bottom - 6, box, 2);
  }
}

// Those that do not count are faint.
function answers(ink, { answers: [first, last], counts }, { x, wide, top }, answering) {
  const radius = first === last ? 4 : Math.max(0.8, Math.min(4, wide * 0.35));
  for (let step = first; step <= last; step += 1) {
    const counted = step >= counts[0] && step <= counts[1];
    Object.assign(ink.pen, { globalAlpha: counted ? 1 : 0.3, fillStyle: answering && counted ? ink.ink : ink.muted });
    ink.dot(x(step), top, radius);
  }
  ink.pen.globalAlpha = 1;
}

// Beside the plot area, and of the steps that are in it.
export function drawNames(ink, { rows }, { left, apart, y, top, bottom, x, wide, first, last }) {
  const at = left - 8;
  const right = { align: "right" };
  const low = apart < LOW * ink.larger;
  ink.write("answers", at, top, right);
  ink.write("inputs", at, bottom, right);
  rows.forEach(({ label }, r) => {
    const name = rows.length === 1 ? "state" : label.replace("layer ", low ? "" : "h ");
    // Where two do not fit below each other, the one that reads forward speaks for its layer.
    if (apart > 7 * ink.larger || r % 2 === 0) ink.write(name, at, y(r), { ...right, size: low ? 8 : 11 });
  });
  if (wide < NAMED_FROM * ink.larger) return;
  for (let step = first; step <= last; step += 1) ink.write(String(step), x(step) + 8, bottom, { size: 9 });
}
