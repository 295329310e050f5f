// The component of still figures.

import { entry } from "./entry.js";
import { StillView } from "./still_view.js";

export default entry(["live.css", "chart.css", "still.css"], (slot, page) => {
  const { parentElement, data } = slot.component;
  slot.view ??= new StillView(parentElement, page);
  slot.view.show(JSON.parse(data.pictures));
});
