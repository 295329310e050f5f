// One panel of a map: the picture, the pointer over it, and a grid of cells for keys and listeners.

import { element } from "./element.js";
import { scaleOf } from "./legend.js";
import { Picture } from "./picture.js";
import { rowsOf } from "./plot/arrays.js";
import { Plot } from "./plot/draw.js";
import { frameOf } from "./plot/frame.js";
import { found } from "./plot/hover.js";
import { Tip } from "./plot/tip.js";

const TOP = 8; // px over the plot area
const BELOW = 12; // px from the pointer to the text, or from the text to the pointer
const MOVES = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
const LETTERS = "AB"; // of two chosen cells, as the page calls them
let count = 0;

export class MapPanel {
  // `shape`: panels, rows, columns. `on`: pick(cell), open(cell), clear().
  constructor([, rows, columns], place, on) {
    Object.assign(this, { rows, columns, on, first: place * rows * columns, active: null, picked: [] });
    this.node = element("section", "pg-map-panel");
    this.title = element("h4", "pg-map-title");
    this.place = element("div", "pg-plot pg-map-plot");
    this.frameBox = element("div", "pg-frame");
    this.frameBox.append(this.place);
    this.node.append(this.title, this.frameBox);
    this.plot = new Plot(this.place);
    this.tip = new Tip(this.place);
    this.makeGrid();
    this.listen();
    this.watcher = new ResizeObserver(([{ contentRect: { width, height } }]) => {
      this.size = width && height ? { width, height } : undefined;
      this.draw();
    });
    this.watcher.observe(this.place);
    this.onLetters = () => {
      this.plot.forget();
      this.draw();
    };
    document.fonts.addEventListener("loadingdone", this.onLetters);
  }

  // Cells that nobody sees, in the order of the picture: what stands in each, and which one the keys are at.
  makeGrid() {
    const id = `pg-map-${++count}`;
    this.cells = [];
    const rows = Array.from({ length: this.rows }, (_, r) => {
      const row = element("div");
      row.setAttribute("role", "row");
      for (let c = 0; c < this.columns; c++) {
        const cell = element("span");
        cell.setAttribute("role", "gridcell");
        cell.id = `${id}-${r}-${c}`;
        this.cells[r * this.columns + c] = cell;
        row.append(cell);
      }
      return row;
    });
    const table = element("div", "pg-map-cells");
    table.append(...rows.reverse()); // the first row of the settings is the lowest of the picture
    this.place.append(table);
    this.place.tabIndex = 0;
    this.place.setAttribute("role", "grid");
    this.place.setAttribute("aria-multiselectable", "true");
  }

  listen() {
    this.ended = new AbortController();
    const listen = (event, handle) => this.place.addEventListener(event, handle, { signal: this.ended.signal });
    listen("pointermove", (event) => this.point(event));
    listen("pointerleave", ({ pointerType }) => pointerType === "touch" || this.leave());
    listen("click", (event) => {
      this.point(event);
      const cell = this.cellAt(event);
      if (cell !== null) this.on.pick(cell);
    });
    listen("dblclick", (event) => {
      const cell = this.cellAt(event);
      if (cell !== null) this.on.open(cell);
    });
    listen("keydown", (event) => this.key(event));
    listen("focus", () => this.activate(this.active ?? 0));
    listen("blur", () => this.draw());
    const elsewhere = ({ target }) => this.place.contains(target) || this.leave();
    document.addEventListener("pointerdown", elsewhere, { signal: this.ended.signal });
  }

  show({ title, figure }, theme, picked) {
    this.title.textContent = title;
    this.title.hidden = !title;
    this.place.setAttribute("aria-label", `${title ? `${title}: ` : ""}cells of the map`);
    this.place.setAttribute("aria-description", "Arrow keys go from cell to cell, Space chooses, Enter opens.");
    this.mark(picked, false);
    if (figure !== this.figure || theme.signature !== this.theme.signature) {
      Object.assign(this, { figure, theme });
      this.picture = new Picture({ ...figure, choices: {}, absent: false, twin: [] });
      this.describe();
    }
    this.draw();
  }

  describe() {
    const maps = this.picture.traces.filter(({ type }) => type === "heatmap").map(({ hovertext }) => rowsOf(hovertext));
    this.cells.forEach((cell, i) => {
      const [row, column] = [Math.floor(i / this.columns), i % this.columns];
      const text = String(maps.map((texts) => texts[row]?.[column]).find(Boolean) ?? "").replaceAll("<br>", ", ");
      if (cell.textContent !== text) cell.textContent = text;
    });
  }

  mark(picked, draw = true) {
    this.picked = picked;
    this.cells.forEach((cell, i) => cell.setAttribute("aria-selected", String(picked.includes(this.first + i))));
    if (draw) this.draw();
  }

  draw() {
    if (!this.size || !this.picture) return;
    const { template } = this.theme;
    const { layout } = this.picture.drawn;
    const traces = this.picture.shown();
    const whole = {
      ...layout,
      font: template.layout.font,
      margin: { ...layout.margin, t: TOP },
      shapes: [...(layout.shapes ?? []), ...this.outlines(template)],
    };
    Object.assign(this.place, { data: traces, layout: whole });
    this.frame = frameOf(traces, whole, template, this.size);
    this.plot.draw(this.frame);
    this.strip(whole, template);
    if (this.at) this.tell(this.at);
  }

  // Of a measure: its colours and their numbers, where the figure has them beside the cells.
  strip(layout, template) {
    const said = JSON.stringify(layout.coloraxis2 ?? null) + this.theme.signature;
    if (said === this.stripped) return;
    this.stripped = said;
    this.scale?.remove();
    this.scale = scaleOf(layout, template);
    if (this.scale) this.frameBox.append(this.scale);
  }

  // Of the chosen cells, and of the one where the keys are.
  outlines(template) {
    const ink = template.data.scatter[0].line.color;
    const paper = template.layout.hoverlabel.bgcolor;
    const boxes = this.picked.flatMap((cell, i) => {
      const label = this.picked.length > 1 ? { text: LETTERS[i], textposition: "start", yanchor: "bottom", font: { size: 13 } } : undefined;
      return [this.box(cell, { color: paper, width: 5 }), this.box(cell, { color: ink, width: 2.5 }, label)];
    });
    const focused = this.active !== null && this.place.matches(":focus-visible");
    if (focused) {
      const cell = this.first + this.active;
      boxes.push(this.box(cell, { color: paper, width: 4 }), this.box(cell, { color: ink, width: 2, dash: "4px,3px" }));
    }
    return boxes.filter(Boolean);
  }

  box(cell, line, label) {
    const i = cell - this.first;
    if (i < 0 || i >= this.cells.length) return null;
    const [row, column] = [Math.floor(i / this.columns), i % this.columns];
    const half = this.rising / 2; // y0 is the lower edge
    const place = { x0: column - 0.5, x1: column + 0.5, y0: row - half, y1: row + half };
    return { type: "rect", ...place, line, label };
  }

  point(event) {
    const { left, top } = this.place.getBoundingClientRect();
    this.at = { x: event.clientX - left, y: event.clientY - top };
    this.place.style.cursor = this.cellAt(event) === null ? "default" : "pointer";
    this.tell(this.at);
  }

  // What stands there, beside the place and not over the cells around it.
  tell({ x, y }) {
    if (!this.frame) return;
    this.tip.show(found(this.frame, x, y), x, this.frame);
    const text = this.tip.over.querySelector(".pg-tip");
    if (!text) return;
    const upper = y < this.size.height / 2;
    text.style.top = upper ? `${y + BELOW}px` : "auto";
    text.style.bottom = upper ? "auto" : `${this.size.height - y + BELOW}px`;
  }

  leave() {
    this.at = null;
    this.tip.hide();
  }

  cellAt({ clientX, clientY }) {
    if (!this.frame) return null;
    const { left, top } = this.place.getBoundingClientRect();
    const { x, y } = this.frame.axes;
    const [column, row] = [Math.round(x.scale.coordinateAt(clientX - left)), Math.round(y.scale.coordinateAt(clientY - top))];
    const inside = column >= 0 && column < this.columns && row >= 0 && row < this.rows;
    return inside ? this.first + row * this.columns + column : null;
  }

  key(event) {
    const { key } = event;
    const at = this.active ?? 0;
    if (MOVES[key]) this.move(...MOVES[key]);
    else if (key === "Home") this.activate(at - (at % this.columns));
    else if (key === "End") this.activate(at - (at % this.columns) + this.columns - 1);
    else if (key === "Enter") this.on.open(this.first + at);
    else if (key === " " || key.toLowerCase() === "c") this.on.pick(this.first + at);
    else if (key === "Escape") this.on.clear();
    else return;
    event.preventDefault();
    event.stopPropagation(); // Space would also press the page's own button
  }

  // 1 where numbers rise upward, −1 where names are listed downward.
  get rising() {
    const [low, high] = this.picture?.drawn.layout.yaxis.range ?? [0, 1];
    return Math.sign(high - low);
  }

  move(across, down) {
    const at = this.active ?? 0;
    const [row, column] = [Math.floor(at / this.columns) - down * this.rising, (at % this.columns) + across];
    if (row >= 0 && row < this.rows && column >= 0 && column < this.columns) this.activate(row * this.columns + column);
  }

  activate(cell) {
    this.active = cell;
    this.place.setAttribute("aria-activedescendant", this.cells[cell].id);
    this.draw();
    const { x, y } = this.frame?.axes ?? {};
    if (!x || !this.place.matches(":focus-visible")) return;
    const [px, py] = [x.scale.at(cell % this.columns), y.scale.at(Math.floor(cell / this.columns))];
    this.tell({ x: px, y: py });
  }

  close() {
    this.ended.abort();
    this.watcher.disconnect();
    document.fonts.removeEventListener("loadingdone", this.onLetters);
    this.tip.close();
    this.plot.close();
  }
}
