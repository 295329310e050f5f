// The component on which a reader draws a curve before it is measured.

import { entry } from "../entry.js";
import { SketchView } from "./sketch_view.js";

export default entry(["live.css", "lessons/sketch.css"], (slot, page) => {
  const { parentElement, data } = slot.component;
  const report = (heights) => slot.component.setStateValue("drawn", JSON.stringify(heights));
  slot.view ??= new SketchView(parentElement, page.colours, report);
  slot.view.show(JSON.parse(data.sketch));
});
