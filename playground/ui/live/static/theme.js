// Light or dark, and the fonts, as Streamlit's theme has them now.

function luminance(colour) {
  const context = document.createElement("canvas").getContext("2d");
  context.fillStyle = colour;
  context.fillRect(0, 0, 1, 1);
  const [red, green, blue] = context.getImageData(0, 0, 1, 1).data;
  return (0.299 * red + 0.587 * green + 0.114 * blue) / 255;
}

// A plotly template on the ground of `element`, and a text that changes exactly when it does.
export function themeOf(element, templates) {
  const style = getComputedStyle(element);
  const value = (name, otherwise) => style.getPropertyValue(name).trim() || otherwise;
  const ground = luminance(value("--st-background-color", "#ffffff")) < 0.5 ? "dark" : "light";
  const ink = value("--st-text-color", templates[ground].layout.font.color);
  const family = value("--st-font", style.fontFamily);
  const paper = value("--st-background-color", "#ffffff");
  const template = structuredClone(templates[ground]);
  Object.assign(template.layout.font, { color: ink, family });
  Object.assign(template.layout.hoverlabel, { bgcolor: paper, font: { color: ink, family, size: 12 } });
  return { template, ground, signature: [ground, ink, family, paper].join() };
}
