// The component of the live pictures.

import { entry } from "./entry.js";
import { View } from "./view.js";

const SHEETS = ["live.css", "tools.css", "chart.css", "network.css"];

export default entry(SHEETS, (slot, page) => {
  const { parentElement, data } = slot.component;
  const wanted = JSON.parse(data.shown);
  const lecture = Boolean(wanted.lecture);
  // Another size of everything: another view.
  if (slot.view && slot.view.lecture !== lecture) slot.view = slot.view.close();
  const report = {
    pictures: (names) => slot.component.setStateValue("pictures", names.join()),
    moment: (update) => slot.component.setStateValue("moment", update),
  };
  slot.view ??= new View(parentElement, page, lecture, report);
  slot.view.show(wanted);
});
