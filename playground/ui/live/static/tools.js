// A card's quiet tools: to be seen where the pointer or the focus is, and always where there is only a finger.

import { element } from "./element.js";

const SVG = "http://www.w3.org/2000/svg";
const CORNERS = "M2 6V2h4M10 2h4v4M14 10v4h-4M6 14H2v-4";

export class Tools {
  // `on` has one function for each tool; what is missing there has no button.
  constructor(title, on) {
    this.title = title;
    this.node = element("div", "pg-tools");
    this.node.setAttribute("role", "toolbar");
    this.node.setAttribute("aria-label", `${title}: tools`);
    if (on.scale) this.scale = this.button("linear", "instead of a logarithmic axis", on.scale);
    if (on.recent) this.recent = this.button("recent", "only the last 60 updates", on.recent);
    this.freeze = this.button("freeze", "keep this picture as it is", on.freeze);
    if (document.fullscreenEnabled) this.full = this.button("", "fill the screen", on.full);
    this.full?.append(corners());
    this.button("PNG", "save as an image", on.png, false);
    this.button("CSV", "save its numbers", on.csv, false);
  }

  button(text, says, action, toggles = true) {
    const made = element("button", "pg-tool", text);
    made.type = "button";
    made.title = `${says[0].toUpperCase()}${says.slice(1)}`;
    made.setAttribute("aria-label", `${this.title}: ${[text, says].filter(Boolean).join(", ")}`);
    if (toggles) made.setAttribute("aria-pressed", "false");
    made.onclick = action;
    this.node.append(made);
    return made;
  }

  // Whether each is on.
  show(states) {
    for (const [name, on] of Object.entries(states)) this[name]?.setAttribute("aria-pressed", String(on));
  }
}

function corners() {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("viewBox", "0 0 16 16");
  svg.setAttribute("aria-hidden", "true");
  svg.append(document.createElementNS(SVG, "path"));
  svg.firstChild.setAttribute("d", CORNERS);
  return svg;
}
