// What one run has for one figure: traces, limits, choices. Frames change it; chart.js draws it.

export class Picture {
  constructor(drawn) {
    this.reset(drawn);
    this.known = false;
  }

  reset(drawn) {
    this.known = true; // whether a run said it, and not the empty page
    this.drawn = structuredClone(drawn);
    this.traces = this.drawn.data;
    this.choices = this.drawn.choices;
    this.absent = this.drawn.absent;
    this.ranges = {};
    this.axes = {};
    this.marks = [];
    this.spacings = {};
    this.select();
  }

  // One that goes its own way from here, with what this one shows now.
  copy() {
    const copy = new Picture(this.drawn);
    const { known, wanted, ranges, axes, marks, spacings } = this;
    copy.choose(wanted);
    return Object.assign(copy, { known, ranges: { ...ranges, ...copy.ranges }, axes, marks, spacings: { ...spacings } });
  }

  forget(drawn) {
    this.reset(drawn);
    this.known = false;
  }

  // What the reader chose, which another run shows too where it has it.
  choose(choice) {
    this.wanted = choice;
    this.select();
  }

  select() {
    this.choice = this.wanted in this.choices ? this.wanted : Object.keys(this.choices)[0];
    const chosen = this.choices[this.choice];
    if (!chosen) return;
    for (const trace of this.traces) trace.visible = chosen.traces.includes(trace.name);
    if (chosen.yrange) this.ranges.yaxis = chosen.yrange;
  }

  // Whether there is something new to draw. `first`: the arrays are all there is to show, and replace what was there.
  apply(changes, array, first) {
    let fresh = false;
    for (const [name, change] of Object.entries(changes.traces)) {
      const trace = this.traces.find((each) => each.name === name);
      if (!trace) continue;
      const arrays = Object.fromEntries(Object.entries(change.arrays).map(([key, at]) => [key, array(at)]));
      Object.assign(trace, change.mode === "append" && !first ? appended(trace, arrays, change) : arrays);
      if (trace.z) this.spacings[trace.name] = change;
      fresh = true;
    }
    // An axis only grows, and by whole steps: a picture that breathes cannot be read.
    for (const [axis, range] of Object.entries(changes.extents)) this.ranges[axis] = union(this.ranges[axis], range);
    if (changes.axis) this.axes = { [changes.axis[0]]: changes.axis[1] };
    if (changes.marks && JSON.stringify(changes.marks) !== JSON.stringify(this.marks)) {
      this.marks = changes.marks;
      fresh = true;
    }
    return fresh;
  }

  // What is to be seen: its own numbers; and as it is drawn, for frames change the traces.
  seen() {
    return this.traces.filter(shows);
  }

  shown() {
    return this.seen().map((trace) => evenly(trace, this.spacings[trace.name]));
  }
}

export function union(one, other) {
  if (!one || !other) return one ?? other;
  return [Math.min(one[0], other[0]), Math.max(one[1], other[1])];
}

// Whether there is anything to see.
function shows({ visible, y, z }) {
  if (visible === false) return false;
  if (z) return Array.from(z).some((row) => row.some((value) => !Number.isNaN(value)));
  return (y?.bdata ?? y ?? []).length > 0;
}

// The newest row of a heat map, moved up to the next place on the grid: evenly spaced rows are drawn as one small
// picture, others row by row, and would show how uneven they are.
function evenly(trace, spacing) {
  if (!spacing?.along) return { ...trace };
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
