// The window of the last updates: where it is, and what the value axes need inside it, so that an old spike does not
// flatten today.

import { numbers } from "./plot/arrays.js";

export const RECENT = 60; // updates
const HALF = 0.5; // of an update, so that the newest is not cut in two
const ROOM = 0.06; // of the range, over and under the data

// The ranges by axis, as a zoom has them: log10 on a log axis.
export function recent(pictures, axis, newest, typeOf) {
  const last = Math.max(newest, 0); // before any run too
  const first = Math.max(last - RECENT, 0);
  const ranges = { [axis]: [first - HALF, last + HALF] };
  if (axis !== "xaxis") return ranges;
  const found = {};
  for (const picture of pictures) {
    for (const trace of picture.shown()) {
      const name = (trace.yaxis ?? "y").replace("y", "yaxis");
      if (trace.type !== "scatter" || !(name in picture.ranges)) continue;
      const x = numbers(trace.x);
      numbers(trace.y).forEach((value, i) => x[i] >= first && x[i] <= last && (found[name] ??= []).push(value));
    }
  }
  for (const [name, values] of Object.entries(found)) {
    const log = typeOf(name) === "log";
    const placed = values.filter((value) => Number.isFinite(value) && (!log || value > 0)).map(log ? Math.log10 : Number);
    if (!placed.length) continue;
    const [low, high] = [Math.min(...placed), Math.max(...placed)];
    const room = (high - low || 1) * ROOM;
    ranges[name] = [low - room, high + room];
  }
  return ranges;
}
