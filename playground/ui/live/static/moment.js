// Which moment of the runs is shown: the newest, or a past update that the reader looks back to.

import { Past } from "./past.js";
import { Scrubber } from "./scrubber.js";

const SETTLED = 400; // ms without another wish

export class Moment {
  // `sides` are the two runs, each with its newest header and the past one. `on.asked()` names the pictures,
  // `on.decode(buffer)` reads a frame; `on.changed()` is called when there is something else to see, and
  // `on.settled(update)` when the reader has stopped at another moment, null where that is live.
  constructor(parts, sides, on) {
    Object.assign(this, { parts, sides, on });
    this.past = this.fetching();
    this.told = null;
    this.scrubber = new Scrubber((update) => this.look(update));
  }

  // The update that is looked back to; null: live.
  get update() {
    return this.scrubber.past;
  }

  // The cursor moves at once, the rest when it has come.
  look(update) {
    for (const part of this.parts) part.mark(update);
    const there = this.sides.filter(({ run }) => run !== null);
    const show = encodeURIComponent(this.on.asked());
    const addresses = there.map(({ run, base }) => `${base}/live/${encodeURIComponent(run)}/at/${update}?show=${show}`);
    this.past.look(update, update === null ? null : addresses);
    if (update === null) this.show(null);
    this.on.changed();
    this.settle(update);
  }

  settle(update) {
    clearTimeout(this.settling);
    if (update === this.told) return;
    this.settling = setTimeout(() => {
      this.told = update;
      this.on.settled(update);
    }, SETTLED);
  }

  // What comes for a run that is not watched any more is of nobody's interest.
  fetching() {
    const past = new Past(this.on.decode, (update, frames) => past === this.past && this.arrived(update, frames));
    return past;
  }

  arrived(update, frames) {
    if (this.update === null) return; // live again
    if (frames[0]) this.show(frames);
    // The newest numbers must not stand there as if they were that update's.
    else if (update === this.update) this.scrubber.look(this.scrubber.newest);
  }

  show(frames) {
    this.sides.forEach((side, i) => (side.past = frames?.[i]?.header ?? null));
    for (const part of this.parts) part.lookBack(frames);
    this.on.changed();
  }

  // Other pictures are on the page: what they were then is fetched too.
  again() {
    if (this.update !== null) this.look(this.update);
  }

  // Another run, or none.
  forget() {
    this.scrubber.forget();
    this.past = this.fetching();
    this.look(null);
  }

  close() {
    clearTimeout(this.settling);
    this.past = null;
    this.scrubber.close();
  }
}
