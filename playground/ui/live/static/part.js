// One figure on the page: its card, what the run and its twin have for it, and which moment of that is shown.

import { Card } from "./card.js";
import { Chart } from "./chart.js";
import { csv } from "./csv.js";
import { Picture } from "./picture.js";
import { png } from "./plot/png.js";
import { recent } from "./recent.js";
import { save } from "./save.js";

export class Part {
  // `on` says what concerns other pictures too: choose, zoom, recent; and what there is to draw: resize.
  constructor(figure, on) {
    Object.assign(this, { figure, on, chosen: false, seen: true, running: false, newest: -1, runs: [], pair: null, over: null });
    this.live = pictures(figure);
    this.past = null; // both runs at a past update, where a picture shows one moment
    this.at = null; // which one that is
    this.frozen = null; // both as they were when the reader kept them
    this.isRecent = false;
    this.card = new Card(figure, {
      choose: (choice) => on.choose(choice),
      follow: () => on.zoom(null),
      scale: figure.drawn.layout.yaxis?.type === "log" && figure.updates_axis !== "yaxis" ? () => this.rescale() : null,
      recent: figure.updates_axis ? () => on.recent(!this.isRecent) : null,
      freeze: () => this.freeze(!this.frozen),
      png: async () => save(await png(this.images()), `${figure.name}.png`),
      csv: () => save(new Blob([csv(figure, this.table())], { type: "text/csv" }), `${figure.name}.csv`),
    });
    this.charts = [this.chart(this.card.place, this.live.own, (traces) => this.card.explain(traces))];
  }

  chart(place, picture, explain) {
    return new Chart(place, this.figure, picture, { zoom: (ranges) => this.on.zoom(ranges), draw: explain, resize: this.on.resize });
  }

  // What is on the screen.
  get shown() {
    return this.frozen ?? this.past ?? this.live;
  }

  get inView() {
    return this.chosen && this.seen;
  }

  // Is of one moment, so that looking back changes it; others have a cursor at that update.
  get ofOneMoment() {
    return !this.figure.updates_axis;
  }

  // `wanted`: by the page itself.
  choose(chosen, wanted) {
    Object.assign(this, { chosen, wanted });
    this.offer();
  }

  // Beside another run, by their names; null: alone. `over` is how the other's lines look where they are drawn here.
  compare(names, over) {
    this.pair = names;
    this.over = names && over && { name: names[1], look: over };
    const below = names && !over;
    this.card.below(below ? names[1] : null);
    if (below && this.charts.length === 1) {
      const { zoom, marker, scale } = this.charts[0];
      this.charts.push(Object.assign(this.chart(this.card.twin.place, this.live.other, () => {}), { scale, zoom, marker }));
    }
    if (!below) this.charts.splice(1).forEach((chart) => chart.close());
    this.target();
  }

  // Points the charts at what is shown now.
  target() {
    const { own, other } = this.shown;
    const [above, below] = this.charts;
    above.own = own;
    above.compare(this.pair && other, this.over);
    if (!below) return;
    below.own = other;
    below.compare(own, null);
  }

  // News of the run itself, or of its twin.
  receive(mine, header, array) {
    const { name } = this.figure;
    const { own, other } = this.live;
    const picture = mine ? own : other;
    const first = header.first?.[name];
    if (first) {
      picture.reset(first);
      other.choose(own.choice);
      this.running ||= mine;
      if (mine) this.offer();
    }
    if (mine) this.newest = header.update;
    const changes = header.figures[name];
    if (!changes) return false;
    const fresh = picture.apply(changes, array, Boolean(first)) || Boolean(first);
    if (fresh && this.isRecent && !this.frozen) this.follow();
    // Only what shows this run's data; and whatever shares an axis that has moved.
    for (const chart of this.charts) {
      if (fresh && (chart.own === picture || (chart.over && chart.other === picture))) chart.dirty = true;
      if (chart.other && chart.moved()) chart.dirty = true;
    }
    return fresh;
  }

  offer() {
    this.card.offer(this.live.own, this.running, this.chosen, this.wanted);
  }

  // What a frame says of a past update; null: back to the newest.
  lookBack(frames) {
    if (!this.ofOneMoment) return;
    this.at = frames && frames[0].header.update;
    this.past = frames && { own: at(this.live.own, frames[0], this.figure), other: at(this.live.other, frames[1], this.figure) };
    this.target();
  }

  freeze(frozen) {
    const { own, other } = this.shown;
    this.frozen = frozen ? { own: own.copy(), other: other.copy() } : null;
    this.card.freeze(frozen, this.at ?? this.newest);
    this.target();
    if (this.isRecent) this.follow();
    this.on.resize();
  }

  rescale() {
    const scale = this.charts[0].scale === "linear" ? "auto" : "linear";
    for (const chart of this.charts) chart.scale = scale;
    this.card.tools.show({ scale: scale === "linear" });
    if (this.isRecent) this.follow();
    this.on.resize();
  }

  window(isRecent) {
    this.isRecent = isRecent;
    this.card.tools.show({ recent: isRecent });
    if (isRecent) this.follow();
  }

  // Keeps the window at the newest updates.
  follow() {
    const { own, other } = this.shown;
    const linear = this.charts[0].scale === "linear";
    const typeOf = (axis) => (linear && axis === "yaxis" ? "linear" : own.drawn.layout[axis]?.type);
    const both = this.over && other.known ? [own, other] : [own];
    this.zoom(recent(both, this.figure.updates_axis, this.newest, typeOf));
  }

  zoom(zoom) {
    for (const chart of this.charts) Object.assign(chart, { zoom, dirty: true });
    this.card.follow.hidden = this.isRecent || !Object.keys(zoom).length;
  }

  mark(marker) {
    for (const chart of this.charts) if (chart.marker !== marker) Object.assign(chart, { marker, dirty: true });
  }

  // Of a layer, or a tensor.
  select(choice) {
    if (!(choice in this.live.own.choices)) return;
    for (const { own, other } of [this.live, this.past, this.frozen].filter(Boolean)) [own, other].forEach((each) => each.choose(choice));
    this.dirty();
    this.card.select.value = choice;
  }

  dirty() {
    for (const chart of this.charts) chart.dirty = true;
  }

  // The twin is away.
  leave() {
    this.live.other.forget(this.figure.drawn);
    this.dirty();
  }

  // No run at all, or another one: nothing is kept of this one.
  release() {
    Object.assign(this, { past: null, at: null, frozen: null });
    this.card.freeze(false, -1);
    this.window(false);
    this.zoom({});
    this.mark(null);
    this.target();
  }

  empty() {
    this.live.own.reset(this.figure.drawn);
    this.dirty();
    this.running = false;
    this.offer();
    this.card.say("");
  }

  // A twin's own picture stands under this one, each under its run's name.
  images() {
    const { title } = this.figure;
    return this.charts.map(({ frame }, i) => ({ frame, title: this.charts.length > 1 ? `${title}: ${this.pair[i]}` : title }));
  }

  table() {
    const { own, other } = this.shown;
    return this.runs.map((run, i) => [run, i ? other : own]).filter(([run]) => run);
  }

  close() {
    this.card.close();
    this.charts.forEach((chart) => chart.close());
  }
}

function pictures({ drawn }) {
  return { own: new Picture(drawn), other: new Picture(drawn) };
}

function at(picture, frame, { name }) {
  const copy = picture.copy();
  if (frame?.header.figures[name]) copy.apply(frame.header.figures[name], frame.array, false);
  return copy;
}
