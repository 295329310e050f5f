// The slider over all past updates. At its right end the pictures are live.
//
// Keys: ← looks back as soon as the run does not move, → goes on from there (while it is paused and live, → is the run
// bar's: one update), End is live again.

import { element } from "./element.js";

// Where arrows mean something already.
const TAKEN = ["radiogroup", "slider", "listbox", "menu", "tablist", "dialog"].map((role) => `[role=${role}]`);
const NOT_OURS = ["input", "textarea", "select", "[contenteditable]", ...TAKEN].join();

export class Scrubber {
  // `on(update)` is called with the update to show, null for the newest.
  constructor(on) {
    this.on = on;
    this.newest = -1;
    this.past = null;
    this.moves = false;
    this.node = element("div", "pg-scrub");
    this.slider = element("input", "pg-slider");
    Object.assign(this.slider, { type: "range", min: 0, max: 0, step: 1, value: 0, disabled: true });
    this.slider.setAttribute("aria-label", "Update to look at");
    this.slider.oninput = () => this.look(Number(this.slider.value));
    this.live = element("button", "pg-button pg-to-live", "Live");
    this.live.type = "button";
    this.live.title = "Back to the newest update (End)";
    this.live.onclick = () => this.look(this.newest);
    this.node.append(this.slider, this.live);
    this.key = (event) => this.pressed(event);
    // Before Streamlit's own shortcuts, which know nothing of looking back.
    addEventListener("keydown", this.key, true);
    this.show();
  }

  // The run's newest update, and whether it goes on by itself.
  run(newest, moves) {
    if (newest === this.newest && moves === this.moves) return;
    Object.assign(this, { newest, moves });
    if (this.past !== null && this.past >= newest) this.look(newest);
    else this.show();
  }

  look(update) {
    const past = update >= this.newest ? null : Math.max(update, 0);
    if (past === this.past) return;
    this.past = past;
    this.show();
    this.on(past);
  }

  // Another run: nothing of it is past.
  forget() {
    Object.assign(this, { newest: -1, past: null, moves: false });
    this.show();
  }

  show() {
    const { slider, past, newest } = this;
    slider.disabled = newest < 1;
    slider.max = Math.max(newest, 1);
    slider.value = past ?? slider.max;
    const count = `update ${Math.max(past ?? newest, 0)} of ${Math.max(newest, 0)}`;
    slider.setAttribute("aria-valuetext", past === null ? `live, ${count}` : count);
    this.live.disabled = past === null;
  }

  pressed(event) {
    const { key, target } = event;
    if (event.ctrlKey || event.metaKey || event.altKey || event.shiftKey || target.closest?.(NOT_OURS)) return;
    const back = this.past !== null;
    const step = { ArrowLeft: -1, ArrowRight: 1 }[key];
    if (key === "End" && back) this.look(this.newest);
    else if (step && (back || (step < 0 && !this.moves && this.newest > 0))) this.look((this.past ?? this.newest) + step);
    else return;
    event.preventDefault();
    event.stopImmediatePropagation();
  }

  close() {
    removeEventListener("keydown", this.key, true);
  }
}
