// Everything that a drawing needs to know: where the plot area is, what each axis shows, which colours and letters.

import { rangeOf } from "./ranges.js";
import { Scale } from "./scale.js";

const AXIS = /^([xy])axis(\d*)$/;
const LARGER = 1.2; // labels of a log axis, where a figure asks for small ones: plotly would enlarge them so

// `traces` are those to be seen. Axes are keyed as traces name them: "x", "y", "y2".
export function frameOf(traces, layout, template, size) {
  const { l, r, t, b } = { l: 56, r: 24, t: 8, b: 24, ...layout.margin };
  const area = { left: l, top: t, right: Math.max(size.width - r, l + 1), bottom: Math.max(size.height - b, t + 1) };
  const names = new Set([...Object.keys(layout).filter((name) => AXIS.test(name)), "xaxis", "yaxis"]);
  const axes = {};
  for (const name of names) {
    const [, letter, place] = name.match(AXIS);
    const spec = mixed(template.layout[`${letter}axis`], layout[name]);
    if (spec.type === "log" && layout[name].tickfont) spec.tickfont.size *= LARGER;
    axes[letter + place] = axisOf(letter + place, spec, traces, area);
  }
  keepAspect(axes);
  const { font, hoverlabel } = template.layout;
  const colours = { ink: template.data.scatter[0].line.color, paper: hoverlabel.bgcolor, colour: font.color };
  return { traces, layout, template, size, area, axes, family: font.family, ...colours };
}

function axisOf(id, spec, traces, area) {
  const range = spec.range ? [...spec.range] : rangeOf(traces, id, spec.type === "log");
  if (!spec.range && spec.autorange === "reversed") range.reverse();
  const [from, to] = id[0] === "x" ? [area.left, area.right] : [area.bottom, area.top];
  return { id, spec, scale: new Scale(spec.type, range, from, to) };
}

// Where one unit of an axis is to be as long as one of another, the one that has room shows more.
function keepAspect(axes) {
  for (const axis of Object.values(axes)) {
    const other = axes[axis.spec.scaleanchor];
    if (!other) continue;
    const ratio = axis.spec.scaleratio ?? 1;
    const perUnit = Math.min(Math.abs(axis.scale.perUnit) / ratio, Math.abs(other.scale.perUnit));
    for (const [each, wanted] of [[axis, perUnit * ratio], [other, perUnit]]) {
      const { log, range, from, to, perUnit: before } = each.scale;
      const [middle, half] = [(range[0] + range[1]) / 2, ((range[1] - range[0]) / 2) * (Math.abs(before) / wanted)];
      each.scale = new Scale(log ? "log" : "linear", [middle - half, middle + half], from, to);
    }
  }
}

function mixed(one, other = {}) {
  const both = { ...one, ...other };
  for (const [key, value] of Object.entries(other)) {
    if (value?.constructor === Object && one?.[key]) both[key] = mixed(one[key], value);
  }
  return both;
}

// Two scales of a trace.
export function scalesOf({ axes }, { xaxis = "x", yaxis = "y" }) {
  return [axes[xaxis].scale, axes[yaxis].scale];
}

// What is drawn after this is cut off at the edges of the plot area.
export function clip(context, { area: { left, top, right, bottom } }) {
  context.beginPath();
  context.rect(left, top, right - left, bottom - top);
  context.clip();
}
