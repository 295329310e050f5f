// The live pictures of one run, or of two: the line over them, and their cards.

import { Card } from "./card.js";
import { Chart } from "./chart.js";
import { Connection } from "./connection.js";
import { element } from "./element.js";
import { decode } from "./frame.js";
import { Head } from "./head.js";
import { Painter } from "./painter.js";
import { Picture } from "./picture.js";
import { themeOf } from "./theme.js";

const EMPTY = "Press Train, and the pictures begin.";
const SIDES = ["time", "updates"];
const AROUND = 15; // updates shown before and after one that is pointed to; more, late in a run

let looked = "null"; // what the reader was pointed to last: coming back to the page is no reason to do it again

export class View {
  constructor(parent, page, Plotly) {
    this.page = page;
    // The two runs that are watched: the second is the twin.
    this.own = { run: null, name: "", connection: null, header: null, lost: false, refused: "" };
    this.twin = { ...this.own };
    this.painter = new Painter({
      charts: () => this.parts.filter(({ seen }) => seen !== false).flatMap(({ charts }) => charts),
      template: () => this.theme.template,
      words: () => this.say(),
    });
    this.build(parent, Plotly);
    this.retheme();
    this.empty();
  }

  build(parent, Plotly) {
    this.root = element("div", "pg-live");
    for (const [name, colour] of Object.entries(this.page.colours)) this.root.style.setProperty(`--pg-${name}`, colour);
    this.head = new Head();
    const columns = Object.fromEntries(SIDES.map((side) => [side, element("div", `pg-column pg-${side}`)]));
    this.parts = this.page.figures.map((figure) => {
      const part = { figure, own: new Picture(figure.drawn), other: new Picture(figure.drawn) };
      part.card = new Card(figure, {
        choose: (choice) => this.choose(figure.side, choice),
        follow: () => this.zoom(part, null),
      });
      part.plot = (place, picture, explain) =>
        new Chart(Plotly, place, figure, picture, {
          zoom: (ranges) => this.zoom(part, ranges),
          draw: explain,
          resize: () => this.painter.schedule(),
        });
      part.charts = [part.plot(part.card.place, part.own, (traces) => part.card.explain(traces))];
      columns[figure.side].append(part.card.node);
      return part;
    });
    const grid = element("div", "pg-grid");
    grid.append(...SIDES.map((side) => columns[side]));
    this.root.append(this.head.node, grid);
    parent.append(this.root);
    // A card that nobody sees is not drawn; it catches up when it comes into view.
    this.watcher = new IntersectionObserver((entries) => {
      for (const entry of entries) this.parts.find(({ card }) => card.node === entry.target).seen = entry.isIntersecting;
      this.painter.schedule();
    });
    for (const { card } of this.parts) this.watcher.observe(card.node);
  }

  // Called at every rerun, and when the theme changes: the same runs go on undisturbed, others take their place.
  show({ run, base, twin = null, names = ["this run", "twin"], look = null }) {
    this.retheme();
    const beside = run === null ? null : twin;
    if (run !== this.own.run) {
      this.painter.forget();
      this.release();
    }
    this.pair(beside === null ? null : names);
    // The last run's pictures stay until the first of this one are there: nothing goes blank.
    if (this.watch(this.own, run, base) && run === null) this.empty();
    if (this.watch(this.twin, beside, base) && beside === null) this.leave();
    this.look(look);
  }

  // Whether it is another run than before.
  watch(side, run, base) {
    if (run === side.run) return false;
    side.connection?.close();
    Object.assign(side, { run, connection: null, lost: false, refused: "" });
    if (run === null) return true;
    side.connection = new Connection(base, run, {
      frame: (buffer, ask) => this.receive(side, buffer, ask),
      state: (kind, reason) => this.connected(side, kind, reason),
    });
    return true;
  }

  // Makes the pictures ones of two runs, named so; null: of one.
  pair(names) {
    if (names?.join("\n") === this.paired?.join("\n")) return;
    this.paired = names;
    if (names) [this.own.name, this.twin.name] = names;
    const { name } = this.twin;
    for (const part of this.parts) {
      const { card, figure, own, other } = part;
      const over = figure.twin === "over" ? { name, look: this.page.twin } : null;
      part.charts[0].compare(names && other, names && over);
      if (over) continue;
      card.below(names && name);
      if (names && part.charts.length === 1) {
        part.charts.push(part.plot(card.twin.place, other, () => {}));
        Object.assign(part.charts[1], { zoom: part.charts[0].zoom, marker: part.charts[0].marker });
        part.charts[1].compare(own, null);
      }
      if (!names) part.charts.splice(1).forEach((chart) => chart.close());
    }
    this.painter.forget();
    this.painter.schedule();
  }

  // The twin is away.
  leave() {
    this.twin.header = null;
    for (const { figure, other, charts } of this.parts) {
      other.forget(figure.drawn);
      charts.forEach((chart) => (chart.dirty = true));
    }
    this.painter.schedule();
  }

  empty(words = EMPTY) {
    this.own.header = null;
    this.head.empty(words);
    for (const { card, figure, own, charts } of this.parts) {
      own.reset(figure.drawn);
      charts[0].dirty = true;
      card.offer(own, false);
      card.say("");
    }
    this.painter.schedule();
  }

  receive(side, buffer, ask) {
    const { header, array } = decode(buffer);
    side.header = header;
    if (side.connection) side.connection.after = header.update;
    const first = Boolean(header.first);
    for (const part of this.parts) {
      const { card, figure, own, other, charts } = part;
      const mine = side === this.own;
      const picture = mine ? own : other;
      if (first) {
        picture.reset(header.first[figure.name]);
        if (mine) card.offer(own, true);
        other.choose(own.choice);
      }
      const fresh = picture.apply(header.figures[figure.name], array, first) || first;
      // Only what shows this run's data; and whatever shares an axis that has moved.
      for (const chart of charts) {
        if (fresh && (chart.own === picture || chart.over)) chart.dirty = true;
        if (chart.other && chart.moved()) chart.dirty = true;
      }
    }
    // Asked for before it is drawn: what comes while we draw is merged, and the next picture shows the newest of it.
    this.painter.ask(ask);
    if (side === this.own && header.update > header.after) this.painter.owe(header.wall);
    this.painter.schedule();
  }

  connected(side, kind, reason) {
    side.lost = kind === "lost";
    side.refused = kind === "refused" ? reason : "";
    this.root.classList.toggle("pg-lost", this.own.lost || this.twin.lost);
    if (side.refused && side === this.own) this.empty(reason);
    else if (side.refused) this.leave();
    this.head.line(this.own, this.twin);
  }

  // Pictures over the same axis show the same layer.
  choose(side, choice) {
    for (const { card, figure, own, other, charts } of this.parts) {
      if (figure.side !== side || !(choice in own.choices)) continue;
      own.choose(choice);
      other.choose(choice);
      charts.forEach((chart) => (chart.dirty = true));
      card.select.value = choice;
    }
    this.say();
    this.painter.schedule();
  }

  zoom(part, ranges) {
    const { side } = part.figure;
    for (const each of this.parts) {
      // Pictures over the same axis move together; the other axis is each one's own.
      const shared = each !== part;
      if (shared && each.figure.side !== side) continue;
      const [{ zoom }] = each.charts;
      const moved = shared ? ranges?.xaxis && { xaxis: ranges.xaxis } : ranges;
      this.set(each, ranges === null ? {} : { ...zoom, ...moved }, ranges === null ? null : each.charts[0].marker);
    }
    this.painter.schedule();
  }

  set({ card, charts }, zoom, marker) {
    for (const chart of charts) Object.assign(chart, { zoom, marker, dirty: true });
    card.follow.hidden = !Object.keys(zoom).length;
  }

  release() {
    for (const part of this.parts) this.set(part, {}, null);
  }

  // Shows an update in one figure, or the line over all of them, once.
  look(wanted) {
    const asked = JSON.stringify(wanted);
    if (asked === looked) return;
    looked = asked;
    if (!wanted) return;
    const { figure: name, update } = wanted;
    if (name === "head") {
      this.head.node.scrollIntoView({ block: "nearest" });
      return;
    }
    // What has no picture of its own is looked for in the first one that counts updates.
    const part = this.parts.find(({ figure }) => figure.name === name) ?? this.parts.find(({ figure }) => figure.updates_axis);
    part.card.attend();
    const axis = part.figure.updates_axis;
    if (!axis || !Number.isFinite(update)) return;
    const around = Math.max(AROUND, update / 10);
    for (const { figure, charts } of this.parts) {
      if (figure.side === part.figure.side) charts.forEach((chart) => (chart.marker = update));
    }
    this.zoom(part, { [axis]: [Math.max(update - around, -1), update + around] });
  }

  retheme() {
    const theme = themeOf(this.root, this.page.templates);
    if (theme.signature === this.theme?.signature) return;
    this.theme = theme;
    for (const { card, charts } of this.parts) {
      card.colour(charts[0].layout(theme.template), theme.template);
      charts.forEach((chart) => (chart.dirty = true));
    }
    this.painter.schedule();
  }

  say() {
    const { header } = this.own;
    if (!header) return;
    for (const { card, figure, own, other } of this.parts) {
      card.say(header.words[figure.name], this.twinWords(figure, own, other));
    }
    this.head.say(this.own, this.twin);
  }

  twinWords(figure, own, other) {
    const { name, header } = this.twin;
    const words = header?.words[figure.name];
    if (!words) return null;
    if (typeof words === "string") return { name, sentence: words };
    if (other.choice === own.choice) return { name, sentence: words[other.choice] ?? "" };
    // Its own picture below shows another tensor than the one above, which it does not have.
    return figure.twin === "over" ? null : { name, sentence: `${other.choice}: ${words[other.choice] ?? ""}` };
  }

  close() {
    this.own.connection?.close();
    this.twin.connection?.close();
    this.painter.close();
    this.watcher.disconnect();
    for (const { card, charts } of this.parts) {
      card.close();
      charts.forEach((chart) => chart.close());
    }
    this.root.remove();
  }
}
