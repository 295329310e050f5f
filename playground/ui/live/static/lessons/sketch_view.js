// A curve that a reader draws by setting heights at a few steps; later, the measured one over it.

import { element } from "../element.js";
import { Handle } from "./sketch_handle.js";
import { filled, nearest, notched } from "./sketch_line.js";
import { Paper, svg } from "./sketch_paper.js";

const TREMBLE = 8; // px that a finger may move and still tap
const RULE = "Click where the curve should pass. Drag a point to move it, or Tab to it and press ↑ and ↓.";

export class SketchView {
  constructor(parent, colours, report) {
    this.report = report;
    this.past = [];
    this.root = element("div", "pg-live pg-sketch");
    for (const [name, colour] of Object.entries(colours)) this.root.style.setProperty(`--pg-${name}`, colour);
    this.rule = element("p", "pg-sketch-rule");
    this.legend = element("p", "pg-legend");
    this.legend.setAttribute("aria-hidden", "true");
    this.undo = element("button", "pg-sketch-undo", "Undo");
    this.undo.type = "button";
    this.undo.onclick = () => this.back();
    const head = element("div", "pg-sketch-head");
    head.append(this.rule, this.legend, this.undo);
    this.svg = svg("svg", { class: "pg-sketch-paper" });
    this.words = element("p", "pg-sketch-words");
    this.root.append(head, this.svg, this.words);
    this.svg.onpointerdown = (event) => this.down(event);
    this.svg.onpointermove = (event) => this.drag(event);
    this.svg.onpointerup = (event) => this.up(event);
    this.svg.onpointercancel = () => this.drop();
    this.root.onkeydown = (event) => {
      if (event.key !== "z" || !(event.ctrlKey || event.metaKey) || this.undo.hidden) return;
      event.preventDefault();
      this.back();
    };
    this.sized = new ResizeObserver(() => this.draw());
    parent.append(this.root);
    this.sized.observe(this.svg);
  }

  // Called at every rerun. What the reader has drawn stays, unless the sketch is locked or another one.
  show(sketch) {
    const { drawn, measured, words, ...asked } = sketch;
    const same = JSON.stringify(asked) === this.asked;
    this.asked = JSON.stringify(asked);
    Object.assign(this, { sketch });
    if (!same) Object.assign(this, { heights: drawn, past: [], size: "" });
    const { locked, ask } = sketch;
    this.svg.setAttribute("role", locked ? "img" : "group");
    this.svg.setAttribute("aria-label", locked ? `${ask} ${words}` : ask);
    this.rule.textContent = locked ? "" : RULE;
    this.words.textContent = words;
    this.words.setAttribute("aria-hidden", "true"); // the picture says the same
    this.undo.hidden = locked;
    const entries = [...(drawn.length ? [["drawn", "you drew"]] : []), ...(measured?.length ? [["measured", "measured"]] : [])];
    this.legend.replaceChildren(...(locked ? entries : []).map(([kind, said]) => {
      const entry = element("span", "pg-entry");
      entry.append(element("i", `pg-line pg-sketch-swatch-${kind}`), element("span", "", said));
      return entry;
    }));
    this.draw();
  }

  draw() {
    const { width, height } = this.svg.getBoundingClientRect();
    if (!width || !this.sketch) return;
    const size = `${width} ${height}`;
    if (size !== this.size || this.sketch.locked) this.rebuild(width, height);
    this.size = size;
    if (!this.sketch.locked) this.place();
  }

  rebuild(width, height) {
    const { sketch } = this;
    this.paper = new Paper(sketch, width, height);
    this.svg.setAttribute("viewBox", `0 0 ${width} ${height}`);
    this.svg.replaceChildren(...this.paper.axes(sketch.handles));
    if (sketch.locked) return this.reveal();
    this.curve = svg("g");
    this.handles = sketch.handles.map((step, i) => new Handle(step, this.paper, {
      move: (wish) => this.set(i, wish),
      done: () => this.settle(),
    }));
    this.svg.append(this.curve, ...this.handles.map(({ node }) => node));
  }

  reveal() {
    const { drawn, measured } = this.sketch;
    const every = Array.from({ length: this.sketch.steps }, (_, i) => i + 1);
    if (drawn.length) this.svg.append(this.paper.line(every, drawn, "pg-sketch-drawn"));
    if (!measured) return;
    this.svg.append(this.paper.line(every, measured, "pg-sketch-measured"));
    measured.forEach((each, i) => {
      if (typeof each === "string") this.svg.append(this.paper.mark(i + 1, each === "zero"));
    });
  }

  place() {
    const { handles: steps, low, high } = this.sketch;
    const line = filled(steps, this.heights);
    this.curve.replaceChildren(...(line ? [this.paper.line(steps, line, "pg-sketch-drawn")] : []));
    const middle = (low + high) / 2;
    this.handles.forEach((handle, i) => handle.show(this.paper, line?.[i] ?? middle, this.heights[i] !== null));
    this.undo.disabled = !this.past.length;
  }

  // One handle's height; a whole drag, or all that a key does while it is held, is undone at once.
  set(i, wish) {
    const height = notched(wish, this.sketch.low, this.sketch.high);
    if (height === this.heights[i]) return;
    if (!this.changed) this.past.push(this.heights);
    this.changed = true;
    this.heights = this.heights.map((each, at) => (at === i ? height : each));
    this.place();
  }

  settle() {
    if (!this.changed) return;
    this.changed = false;
    this.report(this.heights);
  }

  back() {
    this.settle();
    if (!this.past.length) return;
    this.heights = this.past.pop();
    this.place();
    this.report(this.heights);
    if (this.undo.disabled) this.handles[0].node.focus(); // a dead button would drop the reader's place
  }

  // A finger on the paper may be about to scroll: only a tap sets. On a handle, and with a mouse, it sets at once.
  down(event) {
    if (this.sketch.locked || event.button) return;
    const on = this.handles.findIndex(({ node }) => node.contains(event.target));
    const [x, y] = this.local(event);
    this.held = { i: on < 0 ? nearest(this.sketch.handles, this.paper.step(x)) : on, x, y, tap: false };
    if (event.pointerType === "touch" && on < 0) {
      this.held.tap = true;
      return;
    }
    event.preventDefault();
    this.svg.setPointerCapture(event.pointerId);
    this.handles[this.held.i].node.focus({ preventScroll: true });
    // A handle that was set is taken where it is gripped; one that was not comes to the pointer.
    this.held.by = on < 0 || this.heights[on] === null ? 0 : this.paper.y(this.handles[on].height) - y;
    this.drag(event);
  }

  drag(event) {
    if (!this.held || this.held.tap) return;
    this.set(this.held.i, this.paper.at(this.local(event)[1] + this.held.by));
  }

  up(event) {
    if (!this.held) return;
    const [x, y] = this.local(event);
    const { i, tap } = this.held;
    if (tap && Math.hypot(x - this.held.x, y - this.held.y) < TREMBLE) this.set(i, this.paper.at(y));
    this.drop();
  }

  drop() {
    this.held = null;
    this.settle();
  }

  local({ clientX, clientY }) {
    const { x, y } = this.svg.getBoundingClientRect();
    return [clientX - x, clientY - y];
  }

  close() {
    this.settle();
    this.sized.disconnect();
    this.root.remove();
  }
}
