// Pointing at a picture: exact values under the pointer, a drag zooms, a double click shows all. A finger scrolls the
// page, and a tap asks for values.

import { found } from "./hover.js";
import { Tip } from "./tip.js";

const FLAT = 10; // px: a drag that is not as high as this is along the other axis only
const LEAST = 4; // px that make a drag of a click

export class Pointer {
  // `frame()` is what was drawn last; `on.zoom(ranges)` has those that a drag asks for, null for all.
  constructor(place, frame, on) {
    Object.assign(this, { place, frame, on, tip: new Tip(place), at: null, from: null });
    this.ended = new AbortController();
    const listen = (event, handle) => place.addEventListener(event, handle, { signal: this.ended.signal });
    listen("pointerdown", (event) => this.down(event));
    listen("pointermove", (event) => this.move(event));
    listen("pointerup", (event) => this.up(event));
    listen("pointercancel", () => this.leave());
    listen("pointerleave", ({ pointerType }) => pointerType === "touch" || this.from || this.leave());
    listen("dblclick", () => this.on.zoom(null));
    // A finger has no place where it rests: what a tap asked for stands until the next tap elsewhere.
    const elsewhere = ({ target }) => place.contains(target) || this.leave();
    document.addEventListener("pointerdown", elsewhere, { signal: this.ended.signal });
  }

  // What is under a pointer that does not move may move.
  refresh() {
    if (this.at && !this.from) this.point();
  }

  down(event) {
    this.at = placeOf(event, this.place);
    if (event.pointerType === "touch" || event.button || !inside(this.frame(), this.at)) return;
    this.from = this.at;
    this.place.setPointerCapture(event.pointerId);
    event.preventDefault(); // no text is selected meanwhile
  }

  move(event) {
    if (event.pointerType === "touch") return;
    this.at = placeOf(event, this.place);
    if (this.from) this.tip.frame(this.box());
    else this.point();
  }

  up(event) {
    this.at = placeOf(event, this.place);
    const box = this.from && this.box();
    this.from = null;
    if (box) {
      this.tip.hide();
      this.on.zoom(ranges(this.frame(), box));
    } else this.point();
  }

  leave() {
    this.at = this.from = null;
    this.tip.hide();
  }

  close() {
    this.ended.abort();
    this.tip.close();
  }

  point() {
    const frame = this.frame();
    this.tip.show(frame && found(frame, this.at.x, this.at.y), this.at.x, frame);
  }

  // What is dragged over, in px; null as long as it may be a click.
  box() {
    const { area } = this.frame();
    const [x0, x1] = ordered(this.from.x, clamped(this.at.x, area.left, area.right));
    const [y0, y1] = ordered(this.from.y, clamped(this.at.y, area.top, area.bottom));
    if (Math.max(x1 - x0, y1 - y0) < LEAST) return null;
    const alongY = y1 - y0 >= FLAT;
    const alongX = x1 - x0 >= FLAT || !alongY;
    const [left, right] = alongX ? [x0, x1] : [area.left, area.right];
    const [top, bottom] = alongY ? [y0, y1] : [area.top, area.bottom];
    return { left, right, top, bottom, alongX, alongY };
  }
}

// By axis name, as plotly counts them.
function ranges({ axes }, { left, right, top, bottom, alongX, alongY }) {
  const chosen = {};
  for (const { id, spec, scale } of Object.values(axes)) {
    const [along, ends] = id[0] === "x" ? [alongX, [left, right]] : [alongY, [bottom, top]];
    if (!along || spec.fixedrange) continue;
    const [least, most] = [spec.minallowed ?? -Infinity, spec.maxallowed ?? Infinity];
    chosen[`${id[0]}axis${id.slice(1)}`] = ends.map((px) => clamped(scale.coordinateAt(px), least, most));
  }
  return chosen;
}

function placeOf({ clientX, clientY }, place) {
  const { left, top } = place.getBoundingClientRect();
  return { x: clientX - left, y: clientY - top };
}

function inside(frame, { x, y }) {
  return frame && x >= frame.area.left && x <= frame.area.right && y >= frame.area.top && y <= frame.area.bottom;
}

function ordered(one, other) {
  return one < other ? [one, other] : [other, one];
}

function clamped(value, least, most) {
  return Math.min(Math.max(value, least), most);
}
