// The paper: time steps along x, decades along y; what stands on it as SVG, in px.

import { power } from "../plot/numbers.js";

export const MARGIN = { left: 52, right: 16, top: 14, bottom: 42 };
const DECADES = [1, 2, 3, 4, 5, 6, 8, 10, 20, 40]; // between two labels
const LABELS = 7;
const APART = 26; // px between two steps' labels

export class Paper {
  constructor({ steps, low, high }, width, height) {
    Object.assign(this, { steps, low, high, width, height });
    this.right = width - MARGIN.right;
    this.bottom = height - MARGIN.bottom;
  }

  x(step) {
    return MARGIN.left + ((step - 1) / Math.max(1, this.steps - 1)) * (this.right - MARGIN.left);
  }

  y(height) {
    return MARGIN.top + ((this.high - height) / (this.high - this.low)) * (this.bottom - MARGIN.top);
  }

  step(x) {
    return 1 + ((x - MARGIN.left) / (this.right - MARGIN.left)) * (this.steps - 1);
  }

  at(y) {
    return this.high - ((y - MARGIN.top) / (this.bottom - MARGIN.top)) * (this.high - this.low);
  }

  // Grid, ticks and titles; `marked` are the steps that get a label.
  axes(marked) {
    const apart = DECADES.find((each) => (this.high - this.low) / each < LABELS) ?? DECADES.at(-1);
    const made = [];
    for (let at = Math.ceil(this.low / apart) * apart; at <= this.high + 1e-9; at += apart) {
      const y = this.y(at);
      made.push(svg("path", { class: "pg-sketch-grid", d: `M ${MARGIN.left} ${y} H ${this.right}` }));
      made.push(text(MARGIN.left - 8, y + 4, power(at), "end"));
    }
    let free = -Infinity;
    for (const step of marked) {
      const x = this.x(step);
      made.push(svg("path", { class: "pg-sketch-grid", d: `M ${x} ${MARGIN.top} V ${this.bottom}` }));
      if (x < free) continue;
      made.push(text(x, this.bottom + 18, String(step), "middle"));
      free = x + APART;
    }
    made.push(text((MARGIN.left + this.right) / 2, this.height - 6, "time step", "middle"));
    return made;
  }

  // A line through heights at these steps, lifted where there is none.
  line(steps, heights, className) {
    const parts = heights.map((height, i) => {
      if (!Number.isFinite(height)) return "";
      const joined = i > 0 && Number.isFinite(heights[i - 1]);
      const alone = !joined && !Number.isFinite(heights[i + 1]);
      return `${joined ? "L" : "M"} ${this.x(steps[i])} ${this.y(height)}${alone ? " h 2" : ""}`;
    });
    return svg("path", { class: className, d: parts.join(" ") });
  }

  // ▽ at the foot for an exact zero, ✕ at the top for what is not finite.
  mark(step, zero) {
    const made = text(this.x(step), zero ? this.bottom - 4 : MARGIN.top + 8, zero ? "▽" : "✕", "middle");
    made.setAttribute("class", zero ? "pg-sketch-zero" : "pg-sketch-not-finite");
    return made;
  }
}

export function svg(name, attributes = {}) {
  const made = document.createElementNS("http://www.w3.org/2000/svg", name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  return made;
}

function text(x, y, said, anchor) {
  const made = svg("text", { x, y, "text-anchor": anchor, "aria-hidden": "true" });
  made.textContent = said;
  return made;
}
