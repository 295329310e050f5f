// Colour scales, as the template has them for its ground, and colours of numbers on them.

const STEPS = 1024;
const tables = new WeakMap();

// A colour axis of the figure with the template's colours: {low, high, table}, the table's STEPS colours as an image's
// bytes. `values()` are what it is of, asked for where the figure gives no limits.
export function colourAxis({ layout, template }, name, values) {
  const { colorscale, cmin, cmax } = { ...template.layout[name], ...layout[name] };
  let [low, high] = [cmin, cmax];
  if (low === undefined || high === undefined) {
    [low, high] = [Infinity, -Infinity];
    for (const value of values()) {
      if (Number.isFinite(value)) [low, high] = [Math.min(low, value), Math.max(high, value)];
    }
  }
  return { low, high, table: tableOf(colorscale) };
}

// 0 (nothing) for NaN.
export function coloured(value, { low, high, table }) {
  if (Number.isNaN(value)) return 0;
  const share = (value - low) / (high - low || 1);
  return table[Math.max(0, Math.min(STEPS - 1, Math.floor(share * STEPS)))];
}

// The same for a stroke or a fill.
export function cssColour(bytes) {
  return `rgb(${bytes & 255} ${(bytes >> 8) & 255} ${(bytes >> 16) & 255})`;
}

// Of what stands on it: white where that is read better than black.
export function inkOn(bytes) {
  const [red, green, blue] = [bytes & 255, (bytes >> 8) & 255, (bytes >> 16) & 255].map((part) => (part / 255) ** 2.2);
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue < 0.22 ? "#ffffff" : "#16181d";
}

// The browser knows every way to write a colour, and how to mix them.
function tableOf(colorscale) {
  if (tables.has(colorscale)) return tables.get(colorscale);
  const canvas = Object.assign(document.createElement("canvas"), { width: STEPS, height: 1 });
  const context = canvas.getContext("2d", { willReadFrequently: true });
  const gradient = context.createLinearGradient(0, 0, STEPS, 0);
  for (const [at, colour] of colorscale) gradient.addColorStop(at, colour);
  context.fillStyle = gradient;
  context.fillRect(0, 0, STEPS, 1);
  const table = new Uint32Array(context.getImageData(0, 0, STEPS, 1).data.buffer);
  tables.set(colorscale, table);
  return table;
}
