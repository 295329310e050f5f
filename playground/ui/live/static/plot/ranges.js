// What an axis shows where the figure does not say, or where the reader wants another scale than it has.

import { numbers, places, rowsOf } from "./arrays.js";

const NICE = [1, 1.5, 2, 2.5, 3, 4, 5, 6, 8, 10];
const AROUND = 0.05; // of the axis, left free above and below lines
const DECADES = 2; // that a log axis shows at least

// The finite values that stand along an axis of this name, "x" or "y2", cells by their edges.
export function* valuesAlong(traces, id) {
  const letter = id[0];
  for (const trace of traces) {
    if ((trace[`${letter}axis`] ?? letter) !== id) continue;
    if (trace.z) yield* edgesAlong(trace, letter);
    else yield* places(trace, letter, numbers(trace[letter === "x" ? "y" : "x"]).length);
  }
}

function* edgesAlong(trace, letter) {
  const rows = rowsOf(trace.z);
  const along = (letter === "y") !== Boolean(trace.transpose);
  const centres = places(trace, letter, along ? rows.length : (rows[0]?.length ?? 0));
  const half = centres.length > 1 ? Math.abs(centres[1] - centres[0]) / 2 : 0.5;
  if (centres.length) yield* [centres[0] - half, centres[centres.length - 1] + half];
}

// The range of an axis from its data, as plotly counts it: log10 on a log axis.
export function rangeOf(traces, id, log) {
  let [low, high] = [Infinity, -Infinity];
  for (const value of valuesAlong(traces, id)) {
    const at = log ? Math.log10(value) : value;
    if (Number.isFinite(at)) [low, high] = [Math.min(low, at), Math.max(high, at)];
  }
  if (low > high) return log ? [-1, 1] : [0, 1];
  const room = high > low ? AROUND * (high - low) : 0.5;
  const tight = id[0] === "x" && traces.every(({ z, mode }) => z || mode === "lines");
  return tight && high > low ? [low, high] : [low - room, high + room];
}

// Whole decades, or from 0 to the next round number: a range that data reach by steps and not with every frame.
export function roundRange(traces, id, log) {
  const found = [...valuesAlong(traces, id)].filter((value) => Number.isFinite(value) && (!log || value > 0));
  if (!found.length) return log ? [-1, 1] : [0, 1];
  const low = found.reduce((one, other) => Math.min(one, other));
  const high = found.reduce((one, other) => Math.max(one, other));
  if (!log) return [low < 0 ? -roundUp(-low) : 0, high > 0 ? roundUp(high) : 0];
  const bottom = Math.floor(Math.log10(low) - 0.02);
  return [bottom, Math.max(Math.ceil(Math.log10(high) + 0.02), bottom + DECADES)];
}

function roundUp(value) {
  const ten = 10 ** Math.floor(Math.log10(value));
  return NICE.find((each) => each * ten >= value * 1.02) * ten || 10 * ten * NICE[1];
}
