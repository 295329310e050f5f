// What a picture shows, as a table: exactly the arrays drawn, every number in full, NaN and ±inf as such.

import { numbers, places, rowsOf } from "./plot/arrays.js";

// `runs` are names of runs and their pictures.
export function csv(figure, runs) {
  const traces = runs.flatMap(([run, picture]) => picture.seen().map((trace) => [run, trace]));
  const heat = traces.some(([, { z }]) => z);
  const across = figure.updates_axis === "xaxis" ? "update" : figure.shares && figure.side === "time" ? "step" : "x";
  const down = figure.updates_axis === "yaxis" ? "update" : heat ? "y" : "value";
  const lines = [["run", "trace", across, down, ...(heat ? ["value"] : [])]];
  for (const [run, trace] of traces) for (const cells of trace.z ? cellsOf(trace) : pointsOf(trace)) lines.push([run, trace.name, ...cells]);
  return lines.map((line) => `${line.map(written).join(",")}\r\n`).join("");
}

function pointsOf(trace) {
  const y = numbers(trace.y);
  const x = places(trace, "x", y.length);
  return Array.from(y, (value, i) => [x[i], value]);
}

function cellsOf(trace) {
  const z = rowsOf(trace.z);
  const width = z[0]?.length ?? 0;
  const [columns, lines] = trace.transpose ? [z.length, width] : [width, z.length];
  const [x, y] = [places(trace, "x", columns), places(trace, "y", lines)];
  return z.flatMap((row, i) => Array.from(row, (value, j) => (trace.transpose ? [x[i], y[j], value] : [x[j], y[i], value])));
}

function written(value) {
  if (typeof value === "number") return Number.isFinite(value) ? String(value) : { [Infinity]: "inf", [-Infinity]: "-inf" }[value] ?? "NaN";
  return /[",\r\n]/.test(value) ? `"${value.replaceAll('"', '""')}"` : value;
}
