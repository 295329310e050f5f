// One plotly picture: of one run, or with another run's lines over it, or on the same axes as another run's.

import { union } from "./picture.js";

const CONFIG = {
  displaylogo: false,
  displayModeBar: false,
  doubleClick: false,
  plotlyServerURL: "",
  showSendToCloud: false,
};
const TOP = 8; // px over the plot area, for half a tick label
const RANGE = /^([xy]axis\d*)\.(range|autorange)/;

export class Chart {
  // `zoom` holds the ranges that the reader chose, by axis. They are ours to keep: plotly's own `uirevision` lets go of
  // a zoom as soon as the range under it moves, which here it does all the time.
  constructor(Plotly, place, figure, own, on) {
    Object.assign(this, { Plotly, place, figure, own, on });
    this.other = null; // the picture of the run to compare with, and what its lines look like where they are drawn here
    this.over = null;
    this.zoom = {};
    this.marker = null;
    this.drawings = 0;
    this.drawnAt = 0;
    this.dirty = true;
    // Plotly would ask the page for its size at every drawing, which makes the browser lay it out on the spot.
    this.watcher = new ResizeObserver(([{ contentRect: { width, height } }]) => {
      this.size = { width, height };
      this.dirty = true;
      this.on.resize();
    });
    this.watcher.observe(place);
  }

  compare(other, over) {
    Object.assign(this, { other, over, dirty: true });
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

  layout(template) {
    const limits = this.limits();
    if (this.other) this.drawnLimits = JSON.stringify(limits);
    // A copy, because plotly writes the reader's zoom into the layout that it was given.
    const layout = { ...structuredClone(this.own.drawn.layout), template, datarevision: ++this.drawings, ...this.size };
    for (const [axis, changes] of Object.entries(limits)) layout[axis] = { ...layout[axis], ...structuredClone(changes) };
    // Ticks given for the whole axis are too few for a part of it.
    for (const [axis, range] of Object.entries(this.zoom)) {
      layout[axis] = { ...layout[axis], range: [...range], tickvals: undefined, tickmode: "auto" };
    }
    // The card has both, outside the picture.
    layout.showlegend = false;
    layout.margin = { ...layout.margin, t: TOP };
    if (layout.coloraxis) layout.coloraxis.showscale = false;
    layout.shapes = [...(layout.shapes ?? []), ...this.own.marks, ...this.pointed()];
    // A finger scrolls the page; a mouse zooms.
    layout.dragmode = matchMedia("(pointer: coarse)").matches ? false : "zoom";
    return layout;
  }

  // The update that the reader was pointed to.
  pointed() {
    if (this.marker === null || !this.figure.updates_axis) return [];
    const [along, across] = this.figure.updates_axis === "xaxis" ? ["x", "y"] : ["y", "x"];
    const at = { [`${along}0`]: this.marker, [`${along}1`]: this.marker };
    return [{ type: "line", ...at, [`${across}0`]: 0, [`${across}1`]: 1, [`${across}ref`]: "paper", line: { width: 1 } }];
  }

  // The other run's lines, where they are drawn over this one's.
  overlaid() {
    const { own, other, over } = this;
    if (!over || !other?.known || other.choice !== own.choice) return [];
    const named = new Set(other.drawn.twin);
    const traces = other.shown().filter(({ name, yaxis = "y" }) => named.has(name) && this.alike(yaxis.replace("y", "yaxis")));
    const legend = traces.find(({ mode }) => mode !== "markers");
    return traces.map((trace) => partner(trace, over, trace === legend));
  }

  async draw(template) {
    this.dirty = false;
    this.drawnAt = performance.now();
    const shown = [...this.own.shown(), ...this.overlaid()];
    this.on.draw(shown);
    // Plotly sets itself up anew for every config that it is given.
    await this.Plotly.react(this.place, shown, this.layout(template), this.listening ? undefined : CONFIG);
    if (this.listening) return;
    this.listening = true;
    this.place.on("plotly_relayout", (change) => this.zoomed(change));
    this.place.on("plotly_doubleclick", () => this.on.zoom(null));
  }

  zoomed(change) {
    const axes = new Set(Object.keys(change).map((key) => key.match(RANGE)?.[1]).filter(Boolean));
    if (!axes.size) return;
    this.on.zoom(Object.fromEntries([...axes].map((axis) => [axis, [...this.place._fullLayout[axis].range]])));
  }

  close() {
    this.watcher.disconnect();
    this.Plotly.purge(this.place);
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
    uid: `twin-${trace.uid}`,
    name: `${name}: ${trace.meta ?? trace.name}`,
    meta: name,
    showlegend,
    hovertemplate: trace.hovertemplate?.replace(/<extra>.*/, ""),
    line: { ...trace.line, ...look.line },
    marker: { ...trace.marker, ...look.marker, line: { ...trace.marker?.line, ...look.marker.line } },
  };
}
