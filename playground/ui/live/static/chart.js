// The data and the plotly picture of one figure.

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
  constructor(Plotly, place, figure, on) {
    Object.assign(this, { Plotly, place, figure, on });
    this.zoom = {};
    this.drawings = 0;
    this.drawnAt = 0;
    // Plotly would ask the page for its size at every drawing, which makes the browser lay it out on the spot.
    this.watcher = new ResizeObserver(([{ contentRect: { width, height } }]) => {
      this.size = { width, height };
      this.dirty = true;
      this.on.resize();
    });
    this.watcher.observe(place);
    this.reset(figure.drawn);
  }

  reset(drawn) {
    this.drawn = structuredClone(drawn);
    this.traces = this.drawn.data;
    // Plotly makes it part of a selector.
    for (const trace of this.traces) trace.uid = trace.name.replaceAll(/[\s:]+/g, "-");
    this.choices = this.drawn.choices;
    this.absent = this.drawn.absent;
    this.ranges = {};
    this.axes = {};
    this.marks = [];
    this.spacings = {};
    this.dirty = true;
    this.select(this.wanted in this.choices ? this.wanted : Object.keys(this.choices)[0]);
  }

  // What the reader chose, which another run shows too where it has it.
  choose(choice) {
    this.wanted = choice;
    this.select(choice);
  }

  select(choice) {
    this.choice = choice;
    const chosen = this.choices[choice];
    if (!chosen) return;
    for (const trace of this.traces) trace.visible = chosen.traces.includes(trace.name);
    if (chosen.yrange) this.ranges.yaxis = chosen.yrange;
    this.dirty = true;
  }

  // `first`: the arrays are all there is to show, and replace what was there.
  apply(changes, array, first) {
    for (const [name, change] of Object.entries(changes.traces)) {
      const trace = this.traces.find((each) => each.name === name);
      if (!trace) continue;
      const arrays = Object.fromEntries(Object.entries(change.arrays).map(([key, at]) => [key, array(at)]));
      Object.assign(trace, change.mode === "append" && !first ? appended(trace, arrays, change) : arrays);
      if (trace.z) this.spacings[trace.name] = change;
      this.dirty = true;
    }
    // An axis only grows, and by whole steps: a picture that breathes cannot be read.
    for (const [axis, [low, high]] of Object.entries(changes.extents)) {
      const [from, to] = this.ranges[axis] ?? [low, high];
      this.ranges[axis] = [Math.min(low, from), Math.max(high, to)];
    }
    if (changes.axis) this.axes = { [changes.axis[0]]: changes.axis[1] };
    if (changes.marks && changes.marks.length !== this.marks.length) {
      this.marks = changes.marks;
      this.dirty = true;
    }
  }

  layout(template) {
    // A copy, because plotly writes the reader's zoom into the layout that it was given.
    const layout = { ...structuredClone(this.drawn.layout), template, datarevision: ++this.drawings, ...this.size };
    for (const [axis, range] of Object.entries(this.ranges)) layout[axis] = { ...layout[axis], range: [...range] };
    for (const [axis, changes] of Object.entries(this.axes)) layout[axis] = { ...layout[axis], ...structuredClone(changes) };
    // Ticks given for the whole axis are too few for a part of it.
    for (const [axis, range] of Object.entries(this.zoom)) {
      layout[axis] = { ...layout[axis], range: [...range], tickvals: undefined, tickmode: "auto" };
    }
    // The card has both, outside the picture.
    layout.showlegend = false;
    layout.margin = { ...layout.margin, t: TOP };
    if (layout.coloraxis) layout.coloraxis.showscale = false;
    layout.shapes = [...(layout.shapes ?? []), ...this.marks];
    // A finger scrolls the page; a mouse zooms.
    layout.dragmode = matchMedia("(pointer: coarse)").matches ? false : "zoom";
    return layout;
  }

  async draw(template) {
    this.dirty = false;
    this.drawnAt = performance.now();
    const shown = this.traces.filter(shows).map((trace) => evenly(trace, this.spacings[trace.name]));
    this.on.draw(shown);
    // Plotly sets itself up anew for every config that it is given.
    await this.Plotly.react(this.place, shown, this.layout(template), this.listening ? undefined : CONFIG);
    if (this.listening) return;
    this.listening = true;
    this.place.on("plotly_relayout", (change) => this.zoomed(change));
    this.place.on("plotly_doubleclick", () => this.on.zoom(this, null));
  }

  zoomed(change) {
    const axes = new Set(Object.keys(change).map((key) => key.match(RANGE)?.[1]).filter(Boolean));
    if (!axes.size) return;
    this.on.zoom(this, Object.fromEntries([...axes].map((axis) => [axis, [...this.place._fullLayout[axis].range]])));
  }

  close() {
    this.watcher.disconnect();
    this.Plotly.purge(this.place);
  }
}

// Whether there is anything to see. Plotly works through a trace without data almost as long as through one with.
function shows({ visible, y, z }) {
  if (visible === false) return false;
  if (z) return Array.from(z).some((row) => row.some((value) => !Number.isNaN(value)));
  return (y?.bdata ?? y ?? []).length > 0;
}

// The newest row of a heat map, moved up to the next place on the grid: plotly draws evenly spaced rows as one small
// picture, and others cell by cell, at three times the cost of all the rest.
function evenly(trace, spacing) {
  if (!spacing?.along) return trace;
  const { along, grid } = spacing;
  const places = Array.from(trace[along]);
  const newest = places.length - 1;
  if (newest > 0) places[newest] = Math.ceil(places[newest] / grid) * grid;
  return { ...trace, [along]: places };
}

// Rows on the new grid, the newest one off the grid dropped as soon as another is newer, then the new rows.
function appended(trace, arrays, { along, grid }) {
  const fresh = arrays[along];
  const stays = Array.from(trace[along], (update) => update % grid === 0 && update < fresh[0]);
  return Object.fromEntries(
    Object.entries(arrays).map(([key, added]) => [key, [...Array.from(trace[key]).filter((_, i) => stays[i]), ...added]]),
  );
}
