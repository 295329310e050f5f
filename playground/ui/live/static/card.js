// One figure's card: title, reading rule, what it says in words, the picture, and the same text for screen readers.

import { element } from "./element.js";
import { legendOf, scaleOf } from "./legend.js";

const SPOKEN_EVERY = 5000;

export class Card {
  constructor(figure, on) {
    this.figure = figure;
    this.node = element("section", "pg-card");
    this.node.style.setProperty("--pg-height", figure.height);
    const title = element("h3", "pg-title", figure.title);
    this.select = element("select", "pg-select");
    this.select.hidden = true;
    this.select.setAttribute("aria-label", `${figure.title}: which one`);
    this.select.onchange = () => on.choose(this.select.value);
    this.note = element("span", "pg-note");
    this.note.setAttribute("aria-hidden", "true");
    this.follow = element("button", "pg-follow", "Show all");
    this.follow.type = "button";
    this.follow.hidden = true;
    this.follow.onclick = on.follow;
    const head = element("div", "pg-card-head");
    head.append(title, this.select, this.note, this.follow);
    this.rule = element("p", "pg-rule", figure.rule);
    this.rule.title = figure.rule;
    this.legend = element("p", "pg-legend");
    this.legend.setAttribute("aria-hidden", "true");
    this.place = element("div", "pg-plot");
    this.place.setAttribute("role", "img");
    this.place.setAttribute("aria-label", `${figure.title}. ${figure.rule}`);
    this.spoken = element("p", "pg-spoken");
    this.spoken.setAttribute("aria-live", "polite");
    this.frame = element("div", "pg-frame");
    this.absent = element("p", "pg-absent");
    this.absent.setAttribute("aria-hidden", "true");
    this.frame.append(this.place, this.absent);
    this.node.append(head, this.rule, this.legend, this.frame, this.spoken);
    this.said = -SPOKEN_EVERY;
  }

  // What a run has for this picture, and which of it is shown. Where it has nothing, words stand in the picture's place,
  // or the whole card is away.
  offer({ choices, choice, absent }, running) {
    const labels = Object.keys(choices);
    const before = [...this.select.options].map((option) => option.value);
    if (before.join() !== labels.join()) {
      this.select.replaceChildren(...labels.map((label) => element("option", "", label)));
      this.select.hidden = labels.length < 2;
    }
    if (choice) this.select.value = choice;
    this.node.hidden = absent && this.figure.optional;
    this.node.classList.toggle("pg-nothing", absent && running);
  }

  // Touched only when it changes, which is when marks come or go.
  explain(traces) {
    const names = traces.map(({ name }) => name).join();
    if (this.explained === names) return;
    this.explained = names;
    this.legend.replaceChildren(...legendOf(traces));
  }

  colour(layout, template) {
    this.scale?.remove();
    this.scale = scaleOf(layout, template);
    if (this.scale) this.frame.append(this.scale);
  }

  say(words) {
    const text = typeof words === "string" ? words : (words[this.select.value] ?? Object.values(words)[0]);
    this.note.textContent = this.absent.textContent = text;
    this.note.title = text;
    clearTimeout(this.later);
    if (this.spoken.textContent === text) return;
    // The last words before silence, such as those of a run that broke, are said when their time comes.
    const wait = this.said + SPOKEN_EVERY - performance.now();
    if (wait > 0) {
      this.later = setTimeout(() => this.say(words), wait);
      return;
    }
    this.said = performance.now();
    this.spoken.textContent = text;
  }

  close() {
    clearTimeout(this.later);
  }
}
