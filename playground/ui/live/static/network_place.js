// The network among the pictures: it takes its colours from the gradient's, of whichever moment that shows.

import { Network } from "./network.js";

const NEEDS = "gradient_now";

export class NetworkPlace {
  constructor(parts) {
    this.part = parts.find(({ figure }) => figure.name === NEEDS);
    this.network = null;
    this.card = new Network();
  }

  // Its layout, and the numbers of one update in slow motion; whether the layout is another than before.
  show(network, slow) {
    const [shape, motion] = [JSON.stringify(network), JSON.stringify(slow)];
    const isNew = shape !== this.shape;
    if (isNew) this.card.show((this.network = network));
    if (motion !== this.motion) this.card.slow(slow);
    Object.assign(this, { shape, motion });
    return isNew;
  }

  paint(template) {
    if (!this.network) return;
    const { charts, past, live } = this.part;
    // Not of what the reader keeps there: nothing here would say so.
    this.card.draw((past ?? live).own, template, charts[0].zoom.xaxis ?? charts[0].limits().xaxis?.range);
  }

  // These pictures, and the one that colours the network.
  with(names) {
    return this.network && !names.includes(NEEDS) ? [...names, NEEDS] : names;
  }

  close() {
    this.card.close();
  }
}
