// The live pictures of one run, or of two: the line over them, and their cards.

import { element } from "./element.js";
import { decode } from "./frame.js";
import { Gallery } from "./gallery.js";
import { Head } from "./head.js";
import { enlarged, enlargedFrame } from "./lecture.js";
import { Moment } from "./moment.js";
import { Painter } from "./painter.js";
import { Part } from "./part.js";
import { Runs } from "./runs.js";
import { themeOf } from "./theme.js";
import { Together } from "./together.js";
import { sayAll } from "./words.js";

const EMPTY = "Press Train, and the pictures begin.";
// Where Space presses the button that has the focus. To the rest of the page it means Train, or Pause.
const PRESSED = ".pg-live button, .st-key-runbar button";

export class View {
  // `report.pictures(names)` is told when the reader has chosen other pictures, `report.moment(update)` when they look at
  // another moment.
  constructor(parent, page, lecture, report) {
    this.page = lecture ? enlarged(page) : page;
    Object.assign(this, { lecture, report });
    this.decode = lecture ? (buffer) => enlargedFrame(decode(buffer)) : decode;
    this.runs = new Runs({
      asked: () => this.gallery.asked.join(),
      decode: this.decode,
      frame: (side, frame, ask) => this.receive(side, frame, ask),
      state: (side) => this.connected(side),
    });
    this.painter = new Painter({
      charts: () => this.parts.filter(({ inView }) => inView).flatMap(({ charts }) => charts),
      template: () => this.theme.template,
      words: () => this.say(),
    });
    this.build(parent);
    this.gallery.arrange();
    this.retheme();
    this.empty();
  }

  build(parent) {
    parent.querySelector(".pg-loading")?.remove();
    this.root = element("div", this.lecture ? "pg-live pg-lecture" : "pg-live");
    for (const [name, colour] of Object.entries(this.page.colours)) this.root.style.setProperty(`--pg-${name}`, colour);
    this.gallery = new Gallery(this.page, {
      part: (figure) => this.part(figure),
      chosen: (names) => this.chosen(names),
      changed: () => this.painter.schedule(),
    });
    this.parts = this.gallery.parts;
    this.moment = new Moment(this.parts, this.runs.both, {
      asked: () => this.gallery.asked.join(),
      decode: this.decode,
      changed: () => this.moved(),
      settled: (update) => this.report.moment(update),
    });
    this.together = new Together(this.parts, () => this.moment.update);
    this.head = new Head([this.moment.scrubber.node, this.gallery.menu.node]);
    this.root.append(this.head.node, this.gallery.node);
    // Before Streamlit's own shortcuts.
    this.onKey = (event) => event.key === " " && event.target.closest?.(PRESSED) && event.stopPropagation();
    addEventListener("keydown", this.onKey, true);
    parent.append(this.root);
  }

  part(figure) {
    const part = new Part(figure, {
      choose: (choice) => this.moved(this.together.select(figure.side, choice)),
      zoom: (ranges) => this.moved(this.together.zoom(part, ranges)),
      recent: (wanted) => this.moved(this.together.window(part, wanted)),
      resize: () => this.painter.schedule(),
    });
    return part;
  }

  // Called at every rerun, and when the theme changes: the same runs go on undisturbed, others take their place.
  show({ run, base, twin = null, names = ["this run", "twin"], look = null, pictures = null, slow = null, network = null }) {
    this.retheme();
    const { runs } = this;
    runs.own.base = runs.twin.base = base;
    const beside = run === null ? null : twin;
    if (run !== runs.own.run) this.release();
    this.gallery.give(pictures, network, slow);
    this.paint();
    this.pair(beside === null ? null : names);
    // The last run's pictures stay until the first of this one are there: nothing goes blank.
    if (runs.watch(runs.own, run) && run === null) this.empty();
    if (runs.watch(runs.twin, beside) && beside === null) this.leave();
    runs.ask();
    for (const part of this.parts) part.runs = [run, beside];
    if (this.together.isNew(look)) this.gallery.seek(look.figure);
    this.together.look(look, this.head.node);
    this.painter.schedule();
  }

  // Another run: of the last one nothing is looked back to.
  release() {
    this.painter.forget();
    this.moment.forget();
    this.gallery.release();
  }

  paint() {
    if (this.theme) this.gallery.network.paint(this.theme.template);
  }

  // The reader wants other pictures.
  chosen(names) {
    this.runs.ask();
    this.report.pictures(names);
    this.moment.again();
  }

  // Makes the pictures ones of two runs, named so; null: of one.
  pair(names) {
    if (names?.join("\n") === this.paired?.join("\n")) return;
    this.paired = names;
    if (names) [this.runs.own.name, this.runs.twin.name] = names;
    for (const part of this.parts) part.compare(names, names && part.figure.twin === "over" ? this.page.twin : null);
    this.painter.forget();
    this.painter.schedule();
  }

  // The twin is away.
  leave() {
    Object.assign(this.runs.twin, { header: null, past: null });
    for (const part of this.parts) part.leave();
    this.painter.schedule();
  }

  empty(words = EMPTY) {
    this.runs.own.header = null;
    this.head.empty(words);
    this.moment.forget();
    for (const part of this.parts) part.empty();
    this.paint();
    this.painter.schedule();
  }

  receive(side, { header, array }, ask) {
    const mine = side === this.runs.own;
    for (const part of this.parts) {
      const fresh = part.receive(mine, header, array);
      if (fresh && mine && part === this.gallery.network.part) this.paint();
    }
    if (mine) this.moment.scrubber.run(header.update, header.status === "running");
    // Asked for before it is drawn: what comes while we draw is merged, and the next picture shows the newest of it.
    this.painter.ask(ask);
    if (mine && header.update > header.after) this.painter.owe(header.wall);
    this.painter.schedule();
  }

  connected(side) {
    const { own, twin, lost } = this.runs;
    this.root.classList.toggle("pg-lost", lost);
    if (side.refused && side === own) this.empty(side.refused);
    else if (side.refused) this.leave();
    this.head.line(own, twin);
  }

  // Something else is to be seen, of what is there already.
  moved() {
    this.root.classList.toggle("pg-looks-back", this.moment.update !== null);
    this.paint();
    this.painter.schedule();
  }

  retheme() {
    const theme = themeOf(this.root, this.page.templates);
    if (theme.signature === this.theme?.signature) return;
    this.theme = theme;
    for (const part of this.parts) {
      part.card.colour(part.charts[0].layout(theme.template), theme.template);
      part.dirty();
    }
    this.paint();
    this.painter.schedule();
  }

  say() {
    const [own, twin] = this.runs.looked();
    if (!own.header) return;
    sayAll(this.parts, own, twin);
    this.head.say(own, twin);
  }

  close() {
    removeEventListener("keydown", this.onKey, true);
    this.runs.close();
    this.painter.close();
    this.moment.close();
    this.gallery.close();
    this.root.remove();
  }
}
