// One picture: of one run, or with another run's lines over it, or on the same axes as another run's.

import { union } from "./picture.js";
import { Plot } from "./plot/draw.js";
import { frameOf } from "./plot/frame.js";
import { Pointer } from "./plot/pointer.js";
import { roundRange } from "./plot/ranges.js";

const TOP = 8; // px over the plot area, for half a tick label

export class Chart {
  // `zoom` holds the ranges that the reader chose, by axis. `place.data` and `place.layout` are what was drawn last.
  constructor(place, figure, own, on) {
    Object.assign(this, { place, figure, own, on });
    this.other = null; // the picture of the run to compare with, and what its lines look like where they are drawn here
    this.over = null;
    this.zoom = {};
    this.marker = null;
    this.wanted = "auto";
    this.drawnAt = 0;
    this.dirty = true;
    this.plot = new Plot(place);
    this.pointer = new Pointer(place, () => this.frame, { zoom: (ranges) => this.on.zoom(ranges) });
    // The page would be laid out on the spot if it were asked for the size at every drawing.
    this.watcher = new ResizeObserver(([{ contentRect: { width, height } }]) => {
      this.size = width && height ? { width, height } : undefined;
      this.dirty = true;
      this.on.resize();
    });
    this.watcher.observe(place);
    // Letters that come later than the first picture change it.
    this.onLetters = () => {
      this.plot.forget();
      this.dirty = true;
      this.on.resize();
    };
    document.fonts.addEventListener("loadingdone", this.onLetters);
  }

  compare(other, over) {
    Object.assign(this, { other, over, dirty: true });
  }

  // Of the axis of values: "linear", "log", or "auto" for what the figure says. A zoom into it means nothing on
  // another scale.
  get scale() {
    return this.wanted;
  }

  set scale(wanted) {
    if (wanted === this.wanted) return;
    this.wanted = wanted;
    this.zoom = Object.fromEntries(Object.entries(this.zoom).filter(([axis]) => axis !== "yaxis"));
    this.dirty = true;
  }

  // What axes are to show: all that this run needs, and the other one.
  limits() {
    const { own, other } = this;
    const limits = Object.fromEntries(Object.entries(own.ranges).map(([axis, range]) => [axis, { range }]));
    Object.assign(limits, own.axes);
    if (!other?.known) return limits;
    for (const [axis, changes] of Object.entries(other.axes)) {
      if (!limits[axis] || changes.range[1] > limits[axis].range[1]) limits[axis] = changes;
    }
    if (!limits.xaxis) limits.xaxis = steps(own.drawn.layout.xaxis, other.drawn.layout.xaxis);
    for (const [axis, range] of Object.entries(other.ranges)) {
      if (axis in own.axes || !this.alike(axis)) continue;
      limits[axis] = { range: union(own.ranges[axis], range) };
    }
    return limits;
  }

  // Whether both mean the same by this axis.
  alike(axis) {
    const { own, other } = this;
    return own.choice === other.choice && own.drawn.layout[axis]?.type === other.drawn.layout[axis]?.type;
  }

  // Whether an axis is to show something else than when it was drawn.
  moved() {
    return JSON.stringify(this.limits()) !== this.drawnLimits;
  }

  layout(template, shown = this.shown()) {
    const limits = this.limits();
    if (this.other) this.drawnLimits = JSON.stringify(limits);
    const drawn = this.own.drawn.layout;
    const layout = { ...drawn, font: template.layout.font, margin: { ...drawn.margin, t: TOP } };
    for (const [axis, changes] of Object.entries(limits)) layout[axis] = { ...layout[axis], ...changes };
    this.rescale(layout, shown);
    // Ticks given for the whole axis are too few for a part of it, unless they have names.
    for (const [axis, range] of Object.entries(this.zoom)) {
      const { tickvals, ...kept } = layout[axis] ?? {};
      layout[axis] = kept.ticktext ? { ...layout[axis], range } : { ...kept, range };
    }
    layout.shapes = [...(layout.shapes ?? []), ...this.own.marks, ...this.pointed()];
    return layout;
  }

  // Colours are the values of a heat map, and its axis keeps its scale.
  rescale(layout, shown) {
    const drawn = layout.yaxis?.type === "log" ? "log" : "linear";
    const lines = shown.filter(({ type, yaxis = "y" }) => type === "scatter" && yaxis === "y");
    if ([drawn, "auto"].includes(this.wanted) || !lines.length || shown.some(({ z }) => z)) return;
    const { title, nticks } = layout.yaxis;
    layout.yaxis = { title, nticks, type: this.wanted, range: roundRange(lines, "y", this.wanted === "log") };
  }

  // The update that the reader was pointed to.
  pointed() {
    if (this.marker === null || !this.figure.updates_axis) return [];
    const [along, across] = this.figure.updates_axis === "xaxis" ? ["x", "y"] : ["y", "x"];
    const here = { [`${along}0`]: this.marker, [`${along}1`]: this.marker };
    const whole = { [`${across}0`]: 0, [`${across}1`]: 1, [`${across}ref`]: "paper" };
    return [{ type: "line", ...here, ...whole, line: { width: 1 } }];
  }

  shown() {
    return [...this.own.shown(), ...this.overlaid()];
  }

  // The other run's lines, where they are drawn over this one's.
  overlaid() {
    const { own, other, over } = this;
    if (!over || !other?.known || other.choice !== own.choice) return [];
    const named = new Set(other.drawn.twin);
    const axisOf = ({ yaxis = "y" }) => yaxis.replace("y", "yaxis");
    const traces = other.shown().filter((trace) => named.has(trace.name) && this.alike(axisOf(trace)));
    const legend = traces.find(({ mode }) => mode !== "markers");
    return traces.map((trace) => partner(trace, over, trace === legend));
  }

  draw(template) {
    this.dirty = false;
    this.drawnAt = performance.now();
    const shown = this.shown();
    this.on.draw(shown);
    const layout = this.layout(template, shown);
    Object.assign(this.place, { data: shown, layout });
    this.frame = frameOf(shown, layout, template, this.size);
    this.plot.draw(this.frame);
    this.pointer.refresh();
  }

  close() {
    this.watcher.disconnect();
    document.fonts.removeEventListener("loadingdone", this.onLetters);
    this.pointer.close();
    this.plot.close();
  }
}

// An axis of time steps, as long as the longer one.
function steps(one, other) {
  const [minallowed, maxallowed] = union([one.minallowed, one.maxallowed], [other.minallowed, other.maxallowed]);
  return { range: union(one.range, other.range), minallowed, maxallowed };
}

// A trace as the other run's partner of one that is here already. One entry in the legend is for all of them.
function partner(trace, { name, look }, showlegend) {
  return {
    ...trace,
    name: `${name}: ${trace.meta ?? trace.name}`,
    meta: name,
    showlegend,
    hovertemplate: trace.hovertemplate?.replace(/<extra>.*/, ""),
    line: { ...trace.line, ...look.line },
    marker: { ...trace.marker, ...look.marker, line: { ...trace.marker?.line, ...look.marker.line } },
  };
}
