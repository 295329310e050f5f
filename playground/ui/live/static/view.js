// The live pictures of one run: the line over them, the alarm, the cards; and when what is drawn.

import { Card } from "./card.js";
import { Chart } from "./chart.js";
import { Connection } from "./connection.js";
import { element } from "./element.js";
import { decode } from "./frame.js";
import { themeOf } from "./theme.js";

const LAGS_KEPT = 1000;
const BUDGET = 50; // ms of drawing after which the page gets a turn, once half of what waits is drawn
const EMPTY = "Press Train, and the pictures begin.";
const SIDES = ["time", "updates"];
// Each measured lag in ms, from the moment that the worker finished an update to the pixels that show it.
const lags = (window.playgroundLags ??= []);

export class View {
  constructor(parent, page, Plotly) {
    this.page = page;
    this.run = null;
    this.unshown = []; // what was received and is not on the screen yet: its clock, and the charts that owe it
    this.unasked = []; // what asks for further frames, held back while nobody looks
    this.build(parent, Plotly);
    this.retheme();
    this.onVisible = () => document.hidden || this.wake();
    document.addEventListener("visibilitychange", this.onVisible);
    this.empty();
  }

  build(parent, Plotly) {
    this.root = element("div", "pg-live");
    this.metric = element("p", "pg-metric");
    this.facts = element("p", "pg-facts");
    const head = element("div", "pg-head");
    this.alarm = element("p", "pg-alarm");
    this.alarm.setAttribute("role", "alert");
    this.alarm.hidden = true;
    // Its row is there before an alarm is, so that nothing below it jumps.
    const row = element("div", "pg-row");
    row.append(this.facts, this.alarm);
    head.append(this.metric, row);
    const columns = Object.fromEntries(SIDES.map((side) => [side, element("div", `pg-column pg-${side}`)]));
    this.parts = this.page.figures.map((figure) => {
      const part = {};
      part.card = new Card(figure, {
        choose: (choice) => this.choose(figure.side, choice),
        follow: () => this.zoom(part.chart, null),
      });
      part.chart = new Chart(Plotly, part.card.place, figure, {
        zoom: (chart, ranges) => this.zoom(chart, ranges),
        draw: (traces) => part.card.explain(traces),
        resize: () => this.schedule(),
      });
      columns[figure.side].append(part.card.node);
      return part;
    });
    const grid = element("div", "pg-grid");
    grid.append(...SIDES.map((side) => columns[side]));
    this.root.append(head, grid);
    parent.append(this.root);
    // A card that nobody sees is not drawn; it catches up when it comes into view.
    this.watcher = new IntersectionObserver((entries) => {
      for (const entry of entries) this.parts.find(({ card }) => card.node === entry.target).seen = entry.isIntersecting;
      this.schedule();
    });
    for (const { card } of this.parts) this.watcher.observe(card.node);
  }

  // Called at every rerun, and when the theme changes: the same run goes on undisturbed, another one takes its place.
  show(run, base) {
    this.retheme();
    if (run === this.run) return;
    this.run = run;
    this.connection?.close();
    this.connection = null;
    this.unshown = [];
    this.unasked = [];
    this.release();
    if (run === null) {
      this.empty();
      return;
    }
    // The last run's pictures stay until the first of this one are there: nothing goes blank.
    this.connection = new Connection(base, run, {
      frame: (buffer, ask) => this.receive(buffer, ask),
      state: (kind, reason) => this.connected(kind, reason),
    });
  }

  empty() {
    this.header = null;
    this.metric.textContent = EMPTY;
    this.facts.replaceChildren();
    this.alarm.hidden = true;
    for (const { card, chart } of this.parts) {
      chart.reset(card.figure.drawn);
      card.offer(chart, false);
      card.say("");
    }
    this.schedule();
  }

  receive(buffer, ask) {
    const { header, array } = decode(buffer);
    this.header = header;
    if (this.connection) this.connection.after = header.update;
    for (const { card, chart } of this.parts) {
      const name = card.figure.name;
      if (header.first) {
        chart.reset(header.first[name]);
        card.offer(chart, true);
      }
      chart.apply(header.figures[name], array, Boolean(header.first));
    }
    // Asked for before it is drawn: what comes while we draw is merged, and the next picture shows the newest of it.
    if (document.hidden) this.unasked.push(ask);
    else ask();
    if (header.update > header.after) this.unshown.push({ wall: header.wall, owing: new Set(this.waiting()) });
    this.schedule();
  }

  connected(kind, reason) {
    this.lost = kind === "lost";
    this.root.classList.toggle("pg-lost", this.lost);
    if (kind === "refused") {
      this.empty();
      this.metric.textContent = reason;
    }
    this.line();
  }

  // Pictures over the same axis show the same layer.
  choose(side, choice) {
    for (const { card, chart } of this.parts) {
      if (card.figure.side !== side || !(choice in chart.choices)) continue;
      chart.choose(choice);
      card.select.value = choice;
    }
    this.say();
    this.schedule();
  }

  zoom(chart, ranges) {
    const side = chart.figure.side;
    for (const part of this.parts) {
      // Pictures over the same axis move together; the other axis is each one's own.
      const shared = part.chart !== chart;
      if (shared && part.card.figure.side !== side) continue;
      if (ranges === null) part.chart.zoom = {};
      else if (shared) ranges.xaxis && (part.chart.zoom.xaxis = ranges.xaxis);
      else Object.assign(part.chart.zoom, ranges);
      part.chart.dirty = true;
      part.card.follow.hidden = !Object.keys(part.chart.zoom).length;
    }
    this.schedule();
  }

  release() {
    for (const { card, chart } of this.parts) {
      chart.zoom = {};
      card.follow.hidden = true;
    }
  }

  retheme() {
    const theme = themeOf(this.root, this.page.templates);
    if (theme.signature === this.theme?.signature) return;
    this.theme = theme;
    for (const { card, chart } of this.parts) {
      card.colour(chart.layout(theme.template), theme.template);
      chart.dirty = true;
    }
    this.schedule();
  }

  wake() {
    for (const ask of this.unasked.splice(0)) ask();
    this.schedule();
  }

  // At most once for each frame that the screen shows; never while hidden, and then no frames are asked for either.
  schedule() {
    if (this.due || document.hidden) return;
    this.due = requestAnimationFrame(() => this.draw());
  }

  draw() {
    this.due = 0;
    this.say();
    const began = performance.now();
    const waiting = this.waiting();
    // On a slow machine the pictures take turns, the one that waited longest first; none waits for more than two rounds.
    const least = waiting.length / 2;
    for (const [i, chart] of waiting.entries()) {
      if (i >= least && performance.now() - began > BUDGET) {
        this.schedule();
        break;
      }
      chart.draw(this.theme.template);
      for (const { owing } of this.unshown) owing.delete(chart);
    }
    this.record();
  }

  waiting() {
    const charts = this.parts.filter(({ chart, seen }) => chart.dirty && chart.size && seen !== false).map(({ chart }) => chart);
    return charts.sort((one, other) => one.drawnAt - other.drawnAt);
  }

  // A message posted here is handled after the browser has painted what was just drawn.
  record() {
    const walls = this.unshown.filter(({ owing }) => !owing.size).map(({ wall }) => wall);
    this.unshown = this.unshown.filter(({ owing }) => owing.size);
    if (!walls.length) return;
    const channel = new MessageChannel();
    channel.port1.onmessage = () => {
      const now = performance.timeOrigin + performance.now();
      lags.push(...walls.map((wall) => now - wall * 1000));
      if (lags.length > LAGS_KEPT) lags.splice(0, lags.length - LAGS_KEPT);
      channel.port1.close();
    };
    channel.port2.postMessage(null);
  }

  say() {
    if (!this.header) return;
    const { metric_words: metric, words, alarms } = this.header;
    this.metric.textContent = metric || (this.header.update < 0 ? "Waiting for the first update." : "");
    this.alarm.hidden = !alarms.length;
    const more = alarms.length > 1 ? ` (and ${alarms.length - 1} more)` : "";
    const text = alarms.length ? `✕ ${alarms[0]}${more}` : "";
    if (this.alarm.textContent !== text) this.alarm.textContent = this.alarm.title = text;
    for (const { card } of this.parts) card.say(words[card.figure.name]);
    this.line();
  }

  line() {
    const parts = [];
    if (this.header) {
      const { update, updates, rate, seconds_left: left, status, sentence, alarms, remarks } = this.header;
      const running = status === "running";
      if (!this.lost) parts.push([`pg-status pg-${status}`, status]);
      parts.push(["pg-count", `${Math.max(update, 0).toLocaleString("en")} / ${updates.toLocaleString("en")}`]);
      if (running && rate > 0) parts.push(["", `${rate < 10 ? rate.toFixed(1) : Math.round(rate)} updates/s`]);
      if (running && left !== null) parts.push(["", `${duration(left)} left`]);
      // The alarm says it already, and better.
      if (!alarms.length) {
        if (sentence) parts.push(["pg-sentence", sentence]);
        for (const remark of remarks) parts.push(["pg-sentence", remark]);
      }
    }
    if (this.lost) parts.unshift(["pg-status pg-reconnecting", "reconnecting …"]);
    const current = [...this.facts.children];
    // Only what changed is touched: a number that is replaced by itself would be read out again.
    parts.forEach(([className, text], i) => {
      const node = current[i] ?? this.facts.appendChild(element("span"));
      if (node.className !== className) node.className = className;
      if (node.textContent !== text) node.textContent = text;
    });
    current.slice(parts.length).forEach((node) => node.remove());
  }

  close() {
    this.connection?.close();
    cancelAnimationFrame(this.due);
    document.removeEventListener("visibilitychange", this.onVisible);
    this.watcher.disconnect();
    for (const { card, chart } of this.parts) {
      card.close();
      chart.close();
    }
    this.root.remove();
  }
}

function duration(seconds) {
  if (seconds < 90) return `${Math.round(seconds)} s`;
  return seconds < 5400 ? `${Math.round(seconds / 60)} min` : `${(seconds / 3600).toFixed(1)} h`;
}
