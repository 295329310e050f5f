// One update in slow motion: where it stands, and what can be pressed.

import { element } from "./element.js";
import { PHASES, Update } from "./network_moments.js";

const SPEEDS = [1, 3, 10, 30]; // moments a second
const USUAL = 3;
const FASTER = 10; // where there are more moments than LONG
const LONG = 150;
const OTHER = "Slow motion is of the run's own network, and the settings are of another one by now. Train that first.";

export class Player {
  constructor(on) {
    this.on = on;
    this.references = null;
    this.playing = false;
    this.node = element("div", "pg-player");
    this.node.hidden = true;
    this.node.setAttribute("role", "group");
    this.node.setAttribute("aria-label", "One update in slow motion");
    this.back = button("◀", "One moment back", () => this.step(-1));
    this.toggle = button("Play", "Play or pause the slow motion", () => this.play(!this.playing));
    this.forth = button("▶", "One moment on", () => this.step(1));
    this.speed = element("select", "pg-select");
    this.speed.setAttribute("aria-label", "Moments a second");
    this.speed.append(...SPEEDS.map((speed) => Object.assign(element("option", "", `${speed}/s`), { value: speed })));
    this.speed.onchange = () => this.play(this.playing);
    this.bar = element("div", "pg-player-bar");
    this.count = element("span", "pg-player-count");
    this.bar.append(this.back, this.toggle, this.forth, this.speed, this.line(), this.count);
    this.sentence = element("p", "pg-player-sentence");
    this.numbers = element("p", "pg-player-numbers");
    this.node.append(this.bar, this.sentence, this.numbers);
  }

  // The phases, and below them the slider over all moments, on which each phase is as long as any other.
  line() {
    this.phases = PHASES.map((phase) => {
      const node = element("button", "pg-phase", phase[0].toUpperCase() + phase.slice(1));
      Object.assign(node, { type: "button", onclick: () => this.jump(phase) });
      return node;
    });
    this.slider = element("input", "pg-player-slider");
    Object.assign(this.slider, { type: "range", min: 0, max: PHASES.length, step: "any" });
    this.slider.setAttribute("aria-label", "Moment of the update");
    this.slider.oninput = () => this.pause(this.update.at(Number(this.slider.value)));
    this.slider.onkeydown = (event) => this.key(event);
    const line = element("div", "pg-phases");
    line.append(...this.phases, this.slider);
    return line;
  }

  // Steps, rows and answers of the network that is drawn.
  over(network) {
    this.network = network;
    this.show(this.slow ?? null);
  }

  show(slow) {
    this.slow = slow;
    this.node.hidden = !slow;
    const stamp = slow && JSON.stringify([slow, this.network]);
    if (stamp === this.stamp) return;
    this.stamp = stamp;
    this.update = null;
    this.play(false);
    const refused = slow && (slow.refused ?? (this.network && Update.fits(slow, this.network) ? "" : OTHER));
    this.bar.hidden = this.numbers.hidden = Boolean(refused);
    if (refused) this.sentence.textContent = refused;
    if (!slow || refused) return;
    this.update = new Update(slow, this.network);
    this.speed.value = this.update.moments.length > LONG ? FASTER : USUAL;
    this.go(0);
    this.play(!matchMedia("(prefers-reduced-motion: reduce)").matches);
  }

  // What the drawing shows of it; null where there is nothing to show.
  get moment() {
    return this.update?.shown(this.at, this.references) ?? null;
  }

  get last() {
    return this.update ? this.update.moments.length - 1 : 0;
  }

  step(by) {
    this.pause(this.at + by);
  }

  pause(at) {
    this.play(false);
    this.go(at);
  }

  // To the first moment of a phase, and on from there with the arrows.
  jump(phase) {
    this.pause(this.update.moments.findIndex((moment) => moment.phase === phase));
    this.slider.focus({ preventScroll: true });
  }

  go(at) {
    this.at = Math.max(0, Math.min(this.last, at));
    this.say();
    this.on.draw();
  }

  play(playing) {
    clearTimeout(this.timer);
    this.playing = playing && Boolean(this.update);
    this.toggle.textContent = this.playing ? "Pause" : "Play";
    // What goes by three times a second cannot be read out.
    this.sentence.setAttribute("aria-live", this.playing ? "off" : "polite");
    if (!this.playing) return;
    if (this.at === this.last) this.go(0);
    this.timer = setTimeout(() => {
      this.go(this.at + 1);
      this.play(this.at < this.last);
    }, 1000 / Number(this.speed.value));
  }

  say() {
    const { update, at } = this;
    const { moments, slow } = update;
    const { phase } = moments[at];
    const sentence = update.sentence(at);
    PHASES.forEach((name, i) => {
      if (name === phase) this.phases[i].setAttribute("aria-current", "step");
      else this.phases[i].removeAttribute("aria-current");
    });
    this.slider.value = update.along(at);
    this.slider.setAttribute("aria-valuetext", sentence);
    this.back.disabled = at === 0;
    this.forth.disabled = at === this.last;
    this.count.textContent = `update ${slow.update.toLocaleString("en")} · ${at + 1} of ${moments.length}`;
    this.sentence.textContent = sentence;
    const told = update.numbers(at).map(([name, value]) => {
      const pair = element("span", "pg-player-number", `${name} `);
      pair.append(element("b", "", value));
      return pair;
    });
    if (slow.note) told.push(element("span", "pg-player-note", slow.note));
    this.numbers.replaceChildren(...told);
  }

  // On the slider. The page has the same keys for the run.
  key(event) {
    const { key } = event;
    const by = { ArrowLeft: -1, ArrowDown: -1, ArrowRight: 1, ArrowUp: 1, Home: -Infinity, End: Infinity }[key];
    if (event.ctrlKey || event.metaKey || event.altKey || (by === undefined && key !== " ")) return;
    event.preventDefault();
    event.stopPropagation();
    if (key === " ") this.play(!this.playing);
    else this.step(by);
  }

  close() {
    clearTimeout(this.timer);
  }
}

function button(text, label, press) {
  const made = element("button", "pg-player-button", text);
  Object.assign(made, { type: "button", onclick: press, title: label });
  // A sign says nothing when it is read out.
  if (text.length === 1) made.setAttribute("aria-label", label);
  return made;
}
