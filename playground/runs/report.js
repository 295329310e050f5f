// Draws each picture when it comes into sight, in the colours of the ground that the reader's system asks for.
const report = JSON.parse(document.getElementById("report").textContent);
const dark = matchMedia("(prefers-color-scheme: dark)");
const drawn = new Set();

function draw(name) {
  const { data, layout } = report.figures[name];
  const template = report.templates[dark.matches ? "dark" : "light"];
  drawn.add(name);
  Plotly.react(document.getElementById(name), data, { ...layout, template, autosize: true }, {
    displaylogo: false, responsive: true, showSendToCloud: false, plotlyServerURL: "",
  });
}

const sight = new IntersectionObserver((seen) => {
  for (const { isIntersecting, target } of seen) if (isIntersecting && !drawn.has(target.id)) draw(target.id);
}, { rootMargin: "400px" });

for (const name of Object.keys(report.figures)) sight.observe(document.getElementById(name));
dark.addEventListener("change", () => drawn.forEach(draw));
addEventListener("beforeprint", () => Object.keys(report.figures).filter((name) => !drawn.has(name)).forEach(draw));
