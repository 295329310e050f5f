// One figure's card: title, reading rule, what it says in words, the picture, and the same text for screen readers.

import { element } from "./element.js";
import { legendOf, scaleOf } from "./legend.js";
import { Spoken } from "./spoken.js";
import { Tools } from "./tools.js";

const LOOKED_AT = 2000; // ms

export class Card {
  constructor(figure, on) {
    this.figure = figure;
    this.node = element("section", "pg-card");
    this.node.dataset.figure = figure.name;
    this.node.style.setProperty("--pg-height", figure.height);
    const title = element("h3", "pg-title", figure.title);
    this.select = element("select", "pg-select");
    this.select.hidden = true;
    this.select.setAttribute("aria-label", `${figure.title}: which one`);
    this.select.onchange = () => on.choose(this.select.value);
    this.note = element("span", "pg-note");
    this.note.setAttribute("aria-hidden", "true");
    // What a twin says is there where there is room for all of it.
    this.beside = element("span", "pg-note-twin");
    this.mine = element("span", "pg-note-own");
    this.note.append(this.mine, this.beside);
    this.follow = element("button", "pg-follow", "Show all");
    this.follow.type = "button";
    this.follow.hidden = true;
    this.follow.onclick = on.follow;
    this.kept = element("span", "pg-kept");
    this.kept.hidden = true;
    const full = () => this.fill();
    title.ondblclick = full;
    this.tools = new Tools(figure.title, { ...on, full });
    this.node.onfullscreenchange = () => this.tools.show({ full: this.fills });
    const head = element("div", "pg-card-head");
    head.append(title, this.kept, this.select, this.note, this.follow);
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
    this.node.append(head, this.rule, this.tools.node, this.legend, this.frame, this.spoken);
    this.voice = new Spoken((text) => (this.spoken.textContent = text));
  }

  // What a run has for this picture, and which of it is shown. Where it has nothing, words stand in the picture's place,
  // or the whole card is away.
  offer({ choices, choice, absent }, running, chosen, wanted) {
    const labels = Object.keys(choices);
    const before = [...this.select.options].map((option) => option.value);
    if (before.join() !== labels.join()) {
      this.select.replaceChildren(...labels.map((label) => element("option", "", label)));
      this.select.hidden = labels.length < 2;
    }
    if (choice) this.select.value = choice;
    // What a reader or the page asked for says why it is empty; what stands here by itself makes room.
    this.node.hidden = !chosen || (absent && this.figure.optional && this.figure.shown && !wanted);
    this.node.classList.toggle("pg-nothing", absent && running);
  }

  // Touched only when it changes, which is when marks come or go.
  explain(traces) {
    const names = traces.map(({ name }) => name).join();
    if (this.explained === names) return;
    this.explained = names;
    this.legend.replaceChildren(...legendOf(traces));
  }

  // Room below for another run's own picture, under its name; null takes it away.
  below(name) {
    this.node.classList.toggle("pg-with-twin", name !== null);
    if (name === null) {
      this.twin?.head.remove();
      this.twin?.frame.remove();
      this.twin = null;
      return;
    }
    if (!this.twin) {
      const twin = { head: element("p", "pg-twin-head"), name: element("span", "pg-twin-name"), note: element("span", "pg-twin-note") };
      twin.head.append(element("i", "pg-line pg-dashed"), twin.name, twin.note);
      twin.head.setAttribute("aria-hidden", "true");
      twin.frame = element("div", "pg-frame pg-below");
      twin.place = element("div", "pg-plot");
      twin.place.setAttribute("role", "img");
      twin.frame.append(twin.place);
      this.node.append(twin.head, twin.frame);
      this.twin = twin;
    }
    this.twin.name.textContent = this.twin.name.title = name;
    this.twin.place.setAttribute("aria-label", `${this.figure.title}, ${name}`);
  }

  // Kept as it was at this update, with a mark that says so.
  freeze(frozen, update) {
    this.node.classList.toggle("pg-frozen", frozen);
    this.kept.hidden = !frozen;
    this.kept.textContent = frozen ? `kept at update ${Math.max(update, 0).toLocaleString("en")}` : "";
    this.tools.show({ freeze: frozen });
  }

  get fills() {
    return document.fullscreenElement === this.node;
  }

  // The whole screen, or no longer. Escape, which is the browser's, ends it too.
  fill() {
    if (this.fills) document.exitFullscreen();
    else this.node.requestFullscreen?.();
  }

  // Brought into view and outlined for a moment.
  attend() {
    const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
    this.node.scrollIntoView({ behavior: calm ? "auto" : "smooth", block: "nearest" });
    this.node.classList.add("pg-looked");
    clearTimeout(this.attended);
    this.attended = setTimeout(() => this.node.classList.remove("pg-looked"), LOOKED_AT);
  }

  colour(layout, template) {
    this.scale?.remove();
    this.scale = scaleOf(layout, template);
    if (this.scale) this.frame.append(this.scale);
  }

  // `twin` is what another run's sentence is and whose it is.
  say(words, twin = null) {
    const own = typeof words === "string" ? words : (words[this.select.value] ?? Object.values(words)[0]);
    this.absent.textContent = own;
    const text = twin ? `${own} ${twin.name}: ${twin.sentence}` : own;
    this.mine.textContent = own;
    this.beside.textContent = twin && !this.twin ? `${twin.name}: ${twin.sentence}` : "";
    this.note.title = text;
    if (this.twin) this.twin.note.textContent = this.twin.note.title = twin?.sentence ?? "";
    this.voice.say(text);
  }

  close() {
    this.voice.close();
    clearTimeout(this.attended);
  }
}
