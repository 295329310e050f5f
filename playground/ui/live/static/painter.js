// When what is drawn, and how late: at most once for each frame that the screen shows, and never while it is hidden.

const LAGS_KEPT = 1000;
const BUDGET = 50; // ms of drawing after which the page gets a turn, once half of what waits is drawn
// Each measured lag in ms, from the moment that the worker finished an update to the pixels that show it.
const lags = (window.playgroundLags ??= []);

export class Painter {
  // `charts` are those in view, `template` is the theme's; `words` brings up to date what stands around them.
  constructor({ charts, template, words }) {
    Object.assign(this, { charts, template, words });
    this.unshown = []; // what was received and is not on the screen yet: its clock, and the charts that owe it
    this.unasked = []; // what asks for further frames, held back while nobody looks
    this.onVisible = () => document.hidden || this.wake();
    document.addEventListener("visibilitychange", this.onVisible);
  }

  ask(ask) {
    if (document.hidden) this.unasked.push(ask);
    else ask();
  }

  // What a worker finished at this time is on the screen once all that waits now is drawn.
  owe(wall) {
    this.unshown.push({ wall, owing: this.waiting() });
  }

  forget() {
    this.unshown = [];
  }

  wake() {
    for (const ask of this.unasked.splice(0)) ask();
    this.schedule();
  }

  schedule() {
    if (this.due || document.hidden) return;
    this.due = requestAnimationFrame(() => this.draw());
  }

  draw() {
    this.due = 0;
    this.words();
    const began = performance.now();
    const waiting = this.waiting();
    // On a slow machine the pictures take turns, the one that waited longest first; none waits for more than two rounds.
    const least = waiting.length / 2;
    for (const [i, chart] of waiting.entries()) {
      if (i >= least && performance.now() - began > BUDGET) {
        this.schedule();
        break;
      }
      chart.draw(this.template());
    }
    this.record();
  }

  waiting() {
    const charts = this.charts().filter((chart) => chart.dirty && chart.size);
    return charts.sort((one, other) => one.drawnAt - other.drawnAt);
  }

  // What was drawn, or has left the view meanwhile, is owed no more.
  record() {
    const waiting = new Set(this.waiting());
    for (const each of this.unshown) each.owing = each.owing.filter((chart) => waiting.has(chart));
    const walls = this.unshown.filter(({ owing }) => !owing.length).map(({ wall }) => wall);
    this.unshown = this.unshown.filter(({ owing }) => owing.length);
    if (!walls.length) return;
    // A message posted here is handled after the browser has painted what was just drawn.
    const channel = new MessageChannel();
    channel.port1.onmessage = () => {
      const now = performance.timeOrigin + performance.now();
      lags.push(...walls.map((wall) => now - wall * 1000));
      if (lags.length > LAGS_KEPT) lags.splice(0, lags.length - LAGS_KEPT);
      channel.port1.close();
    };
    channel.port2.postMessage(null);
  }

  close() {
    cancelAnimationFrame(this.due);
    document.removeEventListener("visibilitychange", this.onVisible);
  }
}
