// The card of the chosen network, unrolled over the time axis of the pictures below it: each state in the colour of its
// gradient norm while the network trains, or, in slow motion, with the numbers of one update on it.

import { element } from "./element.js";
import { coloursOf, referencesOf, sentenceOf } from "./network_colours.js";
import { Drawing } from "./network_drawing.js";
import { Player } from "./network_player.js";
import { Spoken } from "./spoken.js";

const LEGEND = [
  ["vanishing", "vanishing"],
  ["healthy", "healthy"],
  ["exploding", "exploding"],
  ["zero", "exactly 0"],
  ["not-finite", "not finite"],
];

export class Network {
  constructor() {
    this.node = element("section", "pg-card pg-network");
    this.node.hidden = true;
    this.legend = element("p", "pg-network-legend");
    const sizes = element("p", "pg-network-legend pg-network-sizes", "stronger: a larger state ‖hₜ‖");
    for (const [what, words] of LEGEND) {
      const entry = element("span", "pg-entry");
      const mark = { zero: "▽", "not-finite": "✕" }[what];
      entry.append(element("i", mark ? `pg-mark pg-${what}` : `pg-swatch pg-${what}`, mark ?? ""), words);
      this.legend.append(entry);
    }
    this.legend.title = "The gradient's norm at each state, against the one with which the run began.";
    for (const words of [this.legend, sizes]) words.setAttribute("aria-hidden", "true");
    const head = element("div", "pg-card-head");
    head.append(element("h3", "pg-title", "The network, unrolled"), this.legend, sizes);
    this.canvas = element("canvas", "pg-network-canvas");
    this.canvas.setAttribute("role", "img");
    this.drawing = new Drawing(this.canvas);
    this.player = new Player({ draw: () => this.later() });
    this.node.append(head, this.canvas, this.player.node);
    this.voice = new Spoken((text) => this.canvas.setAttribute("aria-label", text));
    // Reading the size at every drawing would make the browser lay the page out on the spot.
    this.watcher = new ResizeObserver(([{ contentRect: { width, height } }]) => {
      this.size = { width, height };
      this.later();
    });
    this.watcher.observe(this.canvas);
  }

  // What `unrolled` in network.py says; null for a network without recurrence, or none.
  show(network) {
    this.network = network;
    this.node.hidden = !network;
    this.player.over(network);
    this.voice.soon();
    this.later();
  }

  // What slow.py says of the update that comes next; null where nobody asked for it.
  slow(slow) {
    this.player.show(slow);
    this.later();
  }

  // `picture` is that of the gradient at every time step, and `range` what its time axis shows, null for all of it.
  draw(picture, template, range = null) {
    Object.assign(this, { picture, template, range });
    this.paint();
  }

  later() {
    this.due ??= requestAnimationFrame(() => this.paint());
  }

  paint() {
    cancelAnimationFrame(this.due);
    this.due = undefined;
    const { network, picture, template, size, range } = this;
    if (!network || !template || !size?.width) return;
    const found = coloursOf(network, picture);
    this.player.references = found && referencesOf(network, picture);
    const moment = this.player.moment;
    this.node.classList.toggle("pg-forward", Boolean(moment?.scale === "size"));
    this.drawing.draw(network, found, { template, size, margin: picture.drawn.layout.margin, range, moment });
    this.voice.say([network.said, sentenceOf(found)].filter(Boolean).join(" "));
  }

  close() {
    this.voice.close();
    this.watcher.disconnect();
    this.player.close();
    cancelAnimationFrame(this.due);
    this.node.remove();
  }
}
