// The component of a map: what trains, cell by cell.

import { entry } from "./entry.js";
import { MapView } from "./map_view.js";

export default entry(["live.css", "tools.css", "chart.css", "map.css"], (slot, page) => {
  const { parentElement, data } = slot.component;
  const marks = JSON.parse(data.marks);
  // Another size of everything: another view.
  if (slot.view && slot.view.lecture !== marks.lecture) slot.view = slot.view.close();
  const tell = (said) => slot.component.setTriggerValue("cell", JSON.stringify(said));
  slot.view ??= new MapView(parentElement, page, marks.lecture, tell);
  slot.view.show(data.map, marks);
});
