// The small text beside the pointer, with a line and dots at the points it is about.

import { element } from "../element.js";

const BESIDE = 12; // px between the pointer and the text

export class Tip {
  constructor(place) {
    this.place = place;
    this.over = element("div", "pg-over");
    this.over.setAttribute("aria-hidden", "true");
    place.append(this.over);
  }

  // `found` as hover.js says it; null: nothing.
  show(found, x, frame) {
    if (!found) return this.hide();
    const { size, area } = frame;
    const text = element("div", "pg-tip");
    text.append(...linesOf(found.rows));
    const marks = found.at.map(({ px, py }, i) => dot(px, py, found.rows[i].colour));
    if (found.at.length && !found.at[0].alone) marks.unshift(upright(found.at[0].px, area));
    this.over.replaceChildren(...marks, text);
    // On the side where there is room. Its size is not asked for: that would lay out the page on the spot.
    const side = x < size.width / 2 ? { left: `${x + BESIDE}px` } : { right: `${size.width - x + BESIDE}px` };
    Object.assign(text.style, side, { top: `${area.top}px` });
  }

  hide() {
    if (this.over.firstChild) this.over.replaceChildren();
  }

  close() {
    this.over.remove();
  }

  // The part that is being dragged over; null: none.
  frame(box) {
    if (!box) return this.hide();
    const { left, top, right, bottom } = box;
    this.over.replaceChildren(at(element("i", "pg-box"), { left, top, width: right - left, height: bottom - top }));
  }
}

// What all have in common, such as "step 12", is said once.
function linesOf(rows) {
  const heads = new Set(rows.map(({ text }) => text.split(": ")[0]));
  const shared = rows.length > 1 && heads.size === 1 && rows.every(({ text }) => text.includes(": "));
  const lines = rows.map(({ name, colour, text }) => {
    const line = element("p", "pg-tip-row");
    const swatch = element("i", "pg-swatch");
    swatch.style.background = colour;
    if (name) line.append(swatch, element("span", "pg-tip-name", name));
    line.append(element("span", "pg-tip-text", shared ? text.slice(text.indexOf(": ") + 2) : text));
    return line;
  });
  return shared ? [element("p", "pg-tip-head", [...heads][0]), ...lines] : lines;
}

function dot(x, y, colour) {
  const made = at(element("i", "pg-dot"), { left: x, top: y });
  made.style.background = colour;
  return made;
}

function upright(x, { top, bottom }) {
  return at(element("i", "pg-cursor"), { left: x, top, height: bottom - top });
}

function at(node, lengths) {
  for (const [name, px] of Object.entries(lengths)) node.style[name] = `${px}px`;
  return node;
}
