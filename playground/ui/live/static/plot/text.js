// Text on a canvas: lines, raised figures as in 10⁻³, a halo where it stands on colours.

const RAISED = "⁻⁰¹²³⁴⁵⁶⁷⁸⁹";
const PLAIN = "−0123456789";
const PARTS = new RegExp(`[${RAISED}]+|[^${RAISED}]+`, "g");
const SMALLER = 0.74; // a raised figure, of the size of the others
const HIGHER = 0.36; // how far it is raised
export const CAPITAL = 0.7; // how high a capital letter or a figure is, of its size
const LINE = 1.3;
const TAGS = /<\/?(?:b|i|em|strong|span)(?: [^>]*)?>/g;

// `style`: {size, family, colour, align, baseline: top | middle | bottom, angle in degrees, weight, halo: a colour}
export function write(context, text, x, y, style) {
  const lines = linesOf(text);
  const { size, baseline = "middle" } = style;
  const height = size * (CAPITAL + LINE * (lines.length - 1));
  const first = { top: size * CAPITAL, middle: size * CAPITAL - height / 2, bottom: size * CAPITAL - height }[baseline];
  context.save();
  context.translate(x, y);
  if (style.angle) context.rotate((style.angle * Math.PI) / 180);
  context.fillStyle = style.colour;
  context.lineJoin = "round";
  if (style.halo) Object.assign(context, { strokeStyle: style.halo, lineWidth: 3 });
  lines.forEach((line, i) => {
    const shift = { left: 0, center: 0.5, right: 1 }[style.align ?? "left"];
    run(context, line, -shift * widthOf(context, line, style), first + i * size * LINE, style);
  });
  context.restore();
}

export function widthOf(context, text, { size, family, weight = 400 }) {
  let width = 0;
  for (const part of text.match(PARTS) ?? []) {
    context.font = `${weight} ${raised(part) ? size * SMALLER : size}px ${family}`;
    width += context.measureText(lowered(part)).width;
  }
  return width;
}

function run(context, line, x, y, { size, family, weight = 400, halo }) {
  context.textBaseline = "alphabetic";
  for (const part of line.match(PARTS) ?? []) {
    const up = raised(part);
    context.font = `${weight} ${up ? size * SMALLER : size}px ${family}`;
    const shown = lowered(part);
    if (halo) context.strokeText(shown, x, up ? y - size * HIGHER : y);
    context.fillText(shown, x, up ? y - size * HIGHER : y);
    x += context.measureText(shown).width;
  }
}

export function linesOf(text) {
  return String(text).replace(TAGS, "").split(/<br ?\/?>|\n/);
}

function raised(part) {
  return RAISED.includes(part[0]);
}

function lowered(part) {
  return raised(part) ? [...part].map((sign) => PLAIN[RAISED.indexOf(sign)]).join("") : part;
}
