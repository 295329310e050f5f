// Still figures beside each other. Those that count the same thing along x are zoomed together.

import { StillCard } from "./still_card.js";
import { element } from "./element.js";
import { themeOf } from "./theme.js";

export class StillView {
  constructor(parent, page) {
    this.page = page;
    this.cards = [];
    this.root = element("div", "pg-live pg-still");
    for (const [name, colour] of Object.entries(page.colours)) this.root.style.setProperty(`--pg-${name}`, colour);
    this.grid = element("div", "pg-still-grid");
    this.root.append(this.grid);
    parent.append(this.root);
  }

  // Called at every rerun, and when the theme changes. A picture of the same name stays, and with it the reader's zoom.
  show(pictures) {
    const theme = themeOf(this.root, this.page.templates);
    const names = pictures.map(({ name }) => name).join();
    if (names !== this.names) {
      this.names = names;
      this.cards.forEach((card) => card.close());
      this.cards = pictures.map((picture) => new StillCard(picture, (ranges) => this.zoom(picture, ranges)));
      this.grid.replaceChildren(...this.cards.map(({ node }) => node));
    }
    pictures.forEach((picture, i) => this.cards[i].show(picture, theme));
  }

  // Null takes the zoom away.
  zoom({ name, over }, ranges) {
    for (const card of this.cards) {
      const own = card.name === name;
      if (!own && card.over !== over) continue;
      card.zoom(ranges && (own ? ranges : ranges.xaxis && { xaxis: ranges.xaxis }));
    }
  }

  close() {
    this.cards.forEach((card) => card.close());
    this.root.remove();
  }
}
