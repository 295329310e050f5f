// A map's panels beside each other, and what is the same for all: legend, chosen cells, a file, words for listeners.

import { element } from "./element.js";
import { enlarged } from "./lecture.js";
import { legendOf } from "./legend.js";
import { MapPanel } from "./map_panel.js";
import { inkOn } from "./plot/colours.js";
import { png } from "./plot/png.js";
import { save } from "./save.js";
import { Spoken } from "./spoken.js";
import { themeOf } from "./theme.js";

const MOST = 2; // cells that are chosen at a time

export class MapView {
  // `tell({do, cells, stamp})` is what the server hears.
  constructor(parent, page, lecture, tell) {
    this.page = lecture ? enlarged(page) : page;
    Object.assign(this, { lecture, tell, panels: [], picked: [], stamp: 0 });
    this.root = element("div", lecture ? "pg-live pg-map pg-lecture" : "pg-live pg-map");
    for (const [name, colour] of Object.entries(page.colours)) this.root.style.setProperty(`--pg-${name}`, colour);
    this.legend = element("p", "pg-legend pg-map-legend");
    this.legend.setAttribute("aria-hidden", "true");
    this.file = element("button", "pg-follow", "PNG");
    this.file.type = "button";
    this.file.setAttribute("aria-label", "The map as a PNG file");
    this.file.onclick = () => this.save();
    const head = element("div", "pg-card-head");
    this.title = element("h3", "pg-title");
    head.append(this.title, element("span", "pg-map-gap"), this.file);
    this.rule = element("p", "pg-rule");
    this.grid = element("div", "pg-map-panels");
    this.spoken = element("p", "pg-spoken");
    this.spoken.setAttribute("aria-live", "polite");
    this.voice = new Spoken((text) => (this.spoken.textContent = text));
    this.card = element("section", "pg-card pg-map-card");
    this.card.append(head, this.rule, this.legend, this.grid, this.spoken);
    this.root.append(this.card);
    parent.append(this.root);
  }

  // Called at every rerun, and when the theme changes. What has not changed is not drawn again.
  show(text, { picked, stamp }) {
    const theme = themeOf(this.root, this.page.templates);
    const map = text === this.text ? this.map : this.read(text);
    if (map.id !== this.map?.id) {
      this.stamp = stamp;
      this.voice.soon();
    }
    // A page that was drawn before the last click knows nothing of it.
    if (stamp >= this.stamp) this.picked = picked;
    const looks = JSON.stringify([theme.signature, this.picked]);
    if (text === this.text && looks === this.looks) return;
    Object.assign(this, { text, map, theme, looks });
    this.title.textContent = map.title;
    this.rule.textContent = this.rule.title = map.rule;
    this.voice.say(map.words);
    ["low", "least"].forEach((name, i) => this.grid.style.setProperty(`--pg-map-${name}`, `${map.heights[i]}px`));
    const kind = JSON.stringify(map.shape);
    if (kind !== this.kind) this.furnish(kind);
    this.explain();
    this.panels.forEach((panel, i) => panel.show(map.panels[i], theme, this.picked));
  }

  read(text) {
    const map = JSON.parse(text);
    if (this.lecture) for (const panel of map.panels) panel.figure = enlarged(panel.figure);
    return map;
  }

  furnish(kind) {
    this.kind = kind;
    this.panels.forEach((panel) => panel.close());
    const { shape, panels } = this.map;
    const on = { pick: (cell) => this.pick(cell), open: (cell) => this.open(cell), clear: () => this.choose([]) };
    this.panels = panels.map((_, i) => new MapPanel(shape, i, on));
    this.grid.dataset.panels = panels.length;
    this.grid.dataset.rows = Math.min(shape[1], 3);
    this.grid.replaceChildren(...this.panels.map(({ node }) => node));
  }

  // Words with their signs and colours, and theory's lines, each once for all panels.
  explain() {
    const { legend, panels } = this.map;
    const lines = panels.flatMap(({ figure }) => figure.data.filter(({ type }) => type === "scatter"));
    const said = JSON.stringify([legend, lines.map(({ name, line }) => [name, line]), this.theme.signature]);
    if (said === this.said) return;
    this.said = said;
    const { ground } = this.theme;
    const named = [...new Map(lines.map((line) => [line.name, line])).values()];
    this.legend.replaceChildren(
      ...legend.map(({ sign, name, rule, colours }) => {
        const entry = element("span", "pg-entry");
        entry.title = rule;
        const swatch = element("i", "pg-map-swatch", sign);
        Object.assign(swatch.style, { background: colours[ground], color: inkOn(bytesOf(colours[ground])) });
        entry.append(swatch, element("span", "pg-name", name));
        return entry;
      }),
      ...legendOf(named),
    );
  }

  pick(cell) {
    if (!this.picked.includes(cell)) this.choose([...this.picked, cell].slice(-MOST));
  }

  choose(cells) {
    this.picked = cells;
    this.looks = undefined;
    for (const panel of this.panels) panel.mark(cells);
    this.say("pick", cells);
  }

  open(cell) {
    this.say("open", [cell]);
  }

  say(what, cells) {
    this.tell({ do: what, cells, stamp: ++this.stamp });
  }

  async save() {
    const { title, panels, legend } = this.map;
    const { ground } = this.theme;
    const entries = legend.map(({ sign, name, colours }) => ({ text: `${sign} ${name}`, glyph: "■", colour: colours[ground] }));
    const images = this.panels.map(({ frame }, i) => ({
      frame,
      title: [title, panels[i].title].filter(Boolean).join(": "),
      entries: i ? [] : entries,
    }));
    save(await png(images), "map.png");
  }

  close() {
    this.voice.close();
    this.panels.forEach((panel) => panel.close());
    this.root.remove();
  }
}

// "#rrggbb" as an image's bytes.
function bytesOf(colour) {
  const all = parseInt(colour.slice(1), 16);
  return ((all & 0xff) << 16) | (all & 0xff00) | (all >> 16);
}
