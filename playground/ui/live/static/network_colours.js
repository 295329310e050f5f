// How much gradient each state of the unrolled network has, from the traces of the picture of every time step.

import { numbers } from "./plot/arrays.js";
import { number } from "./plot/numbers.js";

export const NO_SIGNAL = Infinity; // as in gradient_history.py: nothing is to be expected there
export const ZERO = -Infinity;

// By row, log10 of each step's norm over the reference; NaN where it is not finite. Null where the picture is of another
// network, or of none yet.
export function coloursOf({ rows, steps }, picture) {
  const labels = Object.keys(picture.choices);
  if (labels.join("\n") !== rows.map(({ label }) => label).join("\n")) return null;
  if (picture.drawn.layout.xaxis.range[1] !== steps + 0.5) return null;
  const found = rows.map((row) => rowOf(row, labels.length, picture));
  return found.some((row) => row.some((value) => value !== NO_SIGNAL)) ? found : null;
}

// Of each row, the norm that counts as healthy.
export function referencesOf({ rows }, picture) {
  return rows.map(({ label }) => referenceOf(label, valuesOf(picture, rows.length, label)));
}

// What a trace of a row holds.
function valuesOf(picture, rows, label) {
  const called = (what) => (rows === 1 ? what : `${label}: ${what}`);
  return (what, key = "y") => numbers(picture.traces.find(({ name }) => name === called(what))?.[key]);
}

function rowOf({ label, last }, rows, picture) {
  const values = valuesOf(picture, rows, label);
  const now = values("now");
  const reference = referenceOf(label, values);
  const decades = Array.from({ length: last }, (_, t) => (now[t] > 0 ? Math.log10(now[t] / reference) : NO_SIGNAL));
  for (const step of values("exactly 0", "x")) decades[step - 1] = ZERO;
  for (const step of values("not finite", "x")) decades[step - 1] = NaN;
  return decades;
}

// The norm at the step where the signal entered at update 0: the last one that is told something directly, or else the
// one with which the row ends.
function referenceOf(label, values) {
  const [start, direct] = [values("start"), values("direct")];
  const reached = [...start.keys()].filter((t) => start[t] > 0);
  const told = reached.filter((t) => direct[t] > 0);
  const at = told.length ? told.at(-1) : label.endsWith("←") ? reached[0] : reached.at(-1);
  return at === undefined ? 1 : start[at];
}

// The same for those who do not see it.
export function sentenceOf(found) {
  if (!found) return "";
  const [top] = found;
  const there = top.filter((value) => value !== NO_SIGNAL);
  const bad = there.filter(Number.isNaN).length;
  if (bad) return `The gradient is not finite at ${bad} of ${top.length} steps.`;
  const zeros = there.filter((value) => value === ZERO).length;
  if (zeros) return `The gradient is exactly 0 at ${zeros} of ${top.length} steps.`;
  const first = top.findIndex((value) => value !== NO_SIGNAL);
  return `Step ${first + 1} has ${number(10 ** top[first])} of the gradient with which the run began.`;
}
