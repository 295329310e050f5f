// One still figure: title, reading rule, what it says in words, legend, picture, and the same words for screen readers.

import { Chart } from "./chart.js";
import { element } from "./element.js";
import { legendOf } from "./legend.js";
import { Picture } from "./picture.js";
import { png } from "./plot/png.js";
import { save } from "./save.js";
import { Spoken } from "./spoken.js";

const WITHOUT_CHOICES = { choices: {}, absent: false, twin: [] };

export class StillCard {
  constructor({ name, title, over, figure }, onZoom) {
    Object.assign(this, { name, over, title });
    this.node = element("section", "pg-card");
    this.rule = element("p", "pg-rule");
    this.legend = element("p", "pg-legend");
    this.words = element("p", "pg-still-words");
    for (const decoration of [this.legend, this.words]) decoration.setAttribute("aria-hidden", "true");
    this.all = this.button("Show all", () => onZoom(null));
    this.all.hidden = true;
    const head = element("div", "pg-card-head");
    const file = this.button("PNG", () => this.save());
    file.setAttribute("aria-label", `${title} as a PNG file`);
    head.append(element("h3", "pg-title", title), element("span", "pg-still-gap"), this.all, file);
    this.place = element("div", "pg-plot");
    this.place.setAttribute("role", "img");
    this.spoken = element("p", "pg-spoken");
    this.spoken.setAttribute("aria-live", "polite");
    this.voice = new Spoken((text) => (this.spoken.textContent = text));
    const frame = element("div", "pg-frame");
    frame.append(this.place);
    this.node.append(head, this.rule, this.legend, frame, this.words, this.spoken);
    this.picture = new Picture({ ...figure, ...WITHOUT_CHOICES });
    const about = { name, title, side: over, updates_axis: over === "updates" ? "xaxis" : null };
    this.chart = new Chart(this.place, about, this.picture, { zoom: onZoom, draw: (traces) => this.explain(traces), resize: () => this.draw() });
  }

  button(text, action) {
    const made = element("button", "pg-follow", text);
    made.type = "button";
    made.onclick = action;
    return made;
  }

  show({ figure, rule, words }, theme) {
    this.theme = theme;
    this.rule.textContent = this.rule.title = rule;
    this.words.textContent = this.words.title = words;
    this.place.setAttribute("aria-label", `${this.title}. ${rule}`);
    this.voice.say(words);
    const drawn = JSON.stringify(figure) + theme.signature;
    if (drawn === this.drawn) return;
    this.drawn = drawn;
    this.picture.reset({ ...figure, ...WITHOUT_CHOICES });
    const unit = figure.layout.yaxis?.title?.text;
    // A zoom into values means nothing to values of another unit.
    if (unit !== this.unit) delete this.chart.zoom.yaxis;
    this.unit = unit;
    this.all.hidden = !Object.keys(this.chart.zoom).length;
    this.draw();
  }

  draw() {
    if (this.chart.size && this.theme) this.chart.draw(this.theme.template);
  }

  // The short names: who they are stands in the table over the pictures.
  explain(traces) {
    this.legend.replaceChildren(...legendOf(traces.map(({ meta, ...trace }) => trace)));
  }

  zoom(ranges) {
    this.chart.zoom = ranges === null ? {} : { ...this.chart.zoom, ...ranges };
    this.all.hidden = !Object.keys(this.chart.zoom).length;
    this.draw();
  }

  async save() {
    save(await png([{ title: this.title, frame: this.chart.frame }]), `${this.name}.png`);
  }

  close() {
    this.voice.close();
    this.chart.close();
  }
}
