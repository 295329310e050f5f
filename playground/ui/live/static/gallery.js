// The places of the pictures: the network and two columns of cards, which of them are chosen, and which are in view.

import { Choice } from "./choice.js";
import { element } from "./element.js";
import { Menu } from "./menu.js";
import { NetworkPlace } from "./network_place.js";

const SIDES = ["time", "updates"];

export class Gallery {
  // `on.part(figure)` makes each; `on.chosen(names)` is told what the reader has chosen, `on.changed()` that there is
  // something to draw.
  constructor({ figures, most }, on) {
    this.on = on;
    this.parts = figures.map(on.part);
    this.choice = new Choice(figures, most);
    this.menu = new Menu(figures, this.choice, () => this.chosen());
    this.network = new NetworkPlace(this.parts);
    this.node = element("div", "pg-grid");
    this.columns = Object.fromEntries(SIDES.map((side) => [side, element("div", `pg-column pg-${side}`)]));
    this.columns.time.append(this.network.card.node);
    for (const { figure, card } of this.parts) this.columns[figure.side].append(card.node);
    this.node.append(...SIDES.map((side) => this.columns[side]));
    // A card that nobody sees is not drawn; it catches up when it comes into view.
    this.watcher = new IntersectionObserver((entries) => {
      for (const entry of entries) this.parts.find(({ card }) => card.node === entry.target).seen = entry.isIntersecting;
      on.changed();
    });
    for (const { card } of this.parts) this.watcher.observe(card.node);
  }

  // The pictures that the server is to send.
  get asked() {
    return this.network.with(this.choice.names);
  }

  // Another run: a picture that is not there now comes back without the last one's lines.
  release() {
    for (const part of this.parts) {
      part.release();
      if (this.asked.includes(part.figure.name)) continue;
      part.empty();
      part.leave();
    }
  }

  // What the page asks for, and the network that it has.
  give(pictures, network, slow) {
    const [others, another] = [this.choice.give(pictures), this.network.show(network, slow)];
    if (others || another) this.arrange();
  }

  // The reader wants other pictures.
  chosen() {
    this.arrange();
    this.on.chosen(this.choice.names);
  }

  // A picture that the reader is pointed to has to be there.
  seek(name) {
    const there = this.parts.some(({ figure }) => figure.name === name);
    if (!there || this.choice.has(name) || this.choice.full) return;
    this.choice.set(name, true);
    this.chosen();
  }

  arrange() {
    for (const part of this.parts) part.choose(this.choice.has(part.figure.name), this.choice.wants(part.figure.name));
    this.menu.show();
    const some = (side) => this.parts.some(({ figure, chosen }) => figure.side === side && chosen);
    for (const side of SIDES) this.columns[side].hidden = !some(side);
    if (this.network.network) this.columns.time.hidden = false;
    this.on.changed();
  }

  close() {
    this.menu.close(false);
    this.watcher.disconnect();
    this.network.close();
    for (const part of this.parts) part.close();
  }
}
