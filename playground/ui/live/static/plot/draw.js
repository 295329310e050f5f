// Draws a figure on two canvases: what stays (grid, ticks, titles), and over it what moves.

import { drawAxes } from "./axes.js";
import { colourAxis, coloured, cssColour } from "./colours.js";
import { clip } from "./frame.js";
import { cellsOf, drawHeat } from "./heat.js";
import { drawFill, drawLine, drawMarkers, pointsOf } from "./marks.js";
import { drawAnnotations, drawShapes } from "./shapes.js";

const HALO = 3; // px

export class Plot {
  constructor(place) {
    this.layers = [0, 1].map(() => {
      const canvas = document.createElement("canvas");
      canvas.className = "pg-layer";
      canvas.setAttribute("aria-hidden", "true");
      place.append(canvas);
      return canvas.getContext("2d");
    });
  }

  draw(frame) {
    frame.dpr = window.devicePixelRatio || 1;
    const [ground, marks] = this.layers;
    const { size, area, dpr, family, axes } = frame;
    const seen = Object.values(axes).map(({ id, spec, scale }) => [id, spec, scale.range]);
    const still = JSON.stringify([size, area, dpr, family, seen]);
    if (still !== this.still) {
      cleared(ground, frame);
      drawAxes(ground, frame);
      this.still = still;
    }
    cleared(marks, frame);
    paint(marks, frame);
  }

  // Letters that have come meanwhile are drawn at the next turn.
  forget() {
    this.still = null;
  }

  close() {
    for (const { canvas } of this.layers) canvas.remove();
  }
}

// All but the axes. Leaves in `frame.drawn` where each trace stands, for whoever points at it.
export function paint(context, frame) {
  frame.drawn = frame.traces.map((trace) => placed(trace, frame));
  // What stands on a second axis is drawn over the first one's, as plotly does.
  const axisOf = ({ trace }) => trace.yaxis ?? "y";
  const drawn = [...frame.drawn].sort((one, other) => axisOf(one).localeCompare(axisOf(other)));
  const inside = drawn.filter(({ trace }) => trace.cliponaxis !== false);
  drawShapes(context, frame, "below");
  context.save();
  clip(context, frame);
  for (const { trace, cells } of inside) if (cells) drawHeat(context, trace, cells, frame);
  const lines = inside.filter(({ points }) => points);
  lines.forEach(({ trace, points }, i) => drawFill(context, trace, points, lines[i - 1]?.points, frame));
  for (const each of lines) mark(context, each, frame);
  context.restore();
  for (const each of drawn) if (!inside.includes(each)) mark(context, within(each, frame), frame);
  drawShapes(context, frame, "above");
  drawAnnotations(context, frame);
}

function placed(trace, frame) {
  return trace.type === "heatmap" ? { trace, cells: cellsOf(trace, frame) } : { trace, points: pointsOf(trace, frame) };
}

function mark(context, { trace, points }, frame) {
  const colourOf = ({ coloraxis = "coloraxis", color }, value) =>
    cssColour(coloured(value, colourAxis(frame, coloraxis, () => color)));
  if (apart(frame)) drawLine(context, haloed(trace, frame), points, frame);
  drawLine(context, trace, points, frame);
  drawMarkers(context, trace, points, frame, colourOf);
}

// Whether there are cells that stand apart: of any colour, so that a line over them needs a ground of its own.
function apart({ drawn }) {
  return drawn.some(({ trace }) => trace.xgap);
}

function haloed(trace, { paper }) {
  const line = { ...trace.line, width: (trace.line?.width ?? 2) + HALO, color: paper, dash: "solid" };
  return { ...trace, line };
}

// A mark may hang over the edge, but one of a part that is not shown is not there.
function within({ trace, points }, { area }) {
  const { left, right, top, bottom } = area;
  const [across, down] = [between(left, right), between(top, bottom)];
  const px = points.px.map((x, i) => (across(x) && down(points.py[i]) ? x : NaN));
  return { trace, points: { ...points, px } };
}

function between(low, high) {
  return (px) => px >= low - 0.5 && px <= high + 0.5;
}

function cleared(context, { size: { width, height }, dpr }) {
  const { canvas } = context;
  const [across, down] = [Math.round(width * dpr), Math.round(height * dpr)];
  if (canvas.width !== across || canvas.height !== down) Object.assign(canvas, { width: across, height: down });
  context.setTransform(dpr, 0, 0, dpr, 0, 0);
  context.clearRect(0, 0, width, height);
}
