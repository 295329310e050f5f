// The button "Pictures" and the list behind it, a box to tick for each.

import { element } from "./element.js";

const SIDES = [
  ["time", "Over time steps"],
  ["updates", "Over updates"],
];

export class Menu {
  constructor(figures, choice, on) {
    Object.assign(this, { choice, on });
    this.node = element("div", "pg-menu");
    this.button = element("button", "pg-button", "Pictures");
    this.button.type = "button";
    this.button.setAttribute("aria-haspopup", "dialog");
    this.button.onclick = () => (this.panel.hidden ? this.open() : this.close());
    this.panel = element("div", "pg-panel");
    this.panel.hidden = true;
    this.panel.setAttribute("role", "dialog");
    this.panel.setAttribute("aria-label", "Pictures to show");
    this.boxes = new Map();
    for (const [side, title] of SIDES) this.panel.append(this.group(figures.filter((each) => each.side === side), title));
    this.count = element("span", "pg-chosen");
    this.count.setAttribute("aria-live", "polite");
    const reset = element("button", "pg-button", "As at first");
    reset.type = "button";
    reset.onclick = () => this.changed(() => choice.atFirst());
    const foot = element("div", "pg-panel-foot");
    foot.append(this.count, reset);
    this.panel.append(foot);
    this.node.append(this.button, this.panel);
    this.node.addEventListener("keydown", (event) => {
      if (event.key === "Escape" && !this.panel.hidden) this.close();
    });
    this.away = (event) => event.composedPath().includes(this.node) || this.close(false);
    this.show();
  }

  group(figures, title) {
    const group = element("fieldset", "pg-group");
    group.append(element("legend", "", title));
    for (const { name, title: called, rule: reading, optional } of figures) {
      const rule = optional ? `${reading} Only where a run measures it.` : reading;
      const entry = element("label", "pg-offer");
      const box = element("input");
      box.type = "checkbox";
      box.setAttribute("aria-label", called);
      box.setAttribute("aria-description", rule);
      box.onchange = () => this.changed(() => this.choice.set(name, box.checked));
      const words = element("span");
      words.append(element("b", "", called), element("span", "pg-offer-rule", rule));
      entry.append(box, words);
      group.append(entry);
      this.boxes.set(name, box);
    }
    return group;
  }

  changed(change) {
    change();
    this.show();
    this.on();
  }

  show() {
    const { choice } = this;
    for (const [name, box] of this.boxes) {
      box.checked = choice.has(name);
      box.disabled = choice.full && !box.checked;
    }
    this.count.textContent = `${choice.names.length} of ${this.boxes.size}${choice.full ? `, ${choice.most} are the most` : ""}`;
    this.button.setAttribute("aria-expanded", String(!this.panel.hidden));
  }

  open() {
    this.panel.hidden = false;
    this.show();
    this.panel.querySelector("input:not(:disabled)").focus();
    document.addEventListener("pointerdown", this.away, true);
  }

  close(focus = true) {
    document.removeEventListener("pointerdown", this.away, true);
    this.panel.hidden = true;
    this.show();
    if (focus) this.button.focus();
  }
}
