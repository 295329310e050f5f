// One handle of a curve: a slider that stands up, for fingers, mice and keys.

import { number } from "../plot/numbers.js";
import { svg } from "./sketch_paper.js";

const REACH = 20; // px around the middle that a finger hits
const FINE = 0.25; // decades of an arrow key; a page key moves a whole one

export class Handle {
  // `move(height)` is told of each wish in decades, `done()` when a key is let go or the handle is left.
  constructor(step, paper, { move, done }) {
    this.step = step;
    this.node = svg("g", { class: "pg-sketch-handle", role: "slider", tabindex: "0", "aria-orientation": "vertical" });
    this.node.setAttribute("aria-label", `step ${step}`);
    this.node.setAttribute("aria-valuemin", paper.low);
    this.node.setAttribute("aria-valuemax", paper.high);
    const ring = svg("circle", { class: "pg-sketch-reach", r: REACH });
    this.node.append(ring, svg("circle", { class: "pg-sketch-dot", r: 7 }));
    this.node.onkeydown = (event) => {
      const wish = wished(event, this.height, paper);
      if (wish === null) return;
      event.preventDefault();
      event.stopPropagation(); // the page has keys of its own
      move(wish);
    };
    this.node.onkeyup = this.node.onblur = done;
  }

  // `height` may be only where the curve passes, while the handle itself is not set.
  show(paper, height, set) {
    this.height = height;
    this.node.setAttribute("transform", `translate(${paper.x(this.step)} ${paper.y(height)})`);
    this.node.classList.toggle("pg-sketch-unset", !set);
    this.node.setAttribute("aria-valuenow", height.toFixed(2));
    const value = `step ${this.step}: ${number(10 ** height)}`;
    this.node.setAttribute("aria-valuetext", set ? value : `${value}, not set yet`);
  }
}

function wished({ key, ctrlKey, metaKey, altKey }, height, { low, high }) {
  if (ctrlKey || metaKey || altKey) return null;
  const by = { ArrowUp: FINE, ArrowRight: FINE, ArrowDown: -FINE, ArrowLeft: -FINE, PageUp: 1, PageDown: -1 }[key];
  if (by) return height + by;
  return { Home: low, End: high }[key] ?? null;
}
