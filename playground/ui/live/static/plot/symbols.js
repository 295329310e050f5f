// The shapes of markers, as plotly names them: each a path around (x, y) with this radius.

function corners(count, turned) {
  return (context, x, y, radius) => {
    for (let i = 0; i < count; i++) {
      const angle = turned + (2 * Math.PI * i) / count;
      context.lineTo(x + radius * Math.cos(angle), y + radius * Math.sin(angle));
    }
    context.closePath();
  };
}

function circle(context, x, y, radius) {
  context.arc(x, y, radius, 0, 2 * Math.PI);
}

function cross(context, x, y, radius) {
  context.moveTo(x - radius, y - radius);
  context.lineTo(x + radius, y + radius);
  context.moveTo(x - radius, y + radius);
  context.lineTo(x + radius, y - radius);
}

const [UP, DOWN, RIGHT] = [-Math.PI / 2, Math.PI / 2, 0];
const FILLED = {
  circle,
  square: corners(4, Math.PI / 4),
  diamond: corners(4, RIGHT),
  "triangle-up": corners(3, UP),
  "triangle-down": corners(3, DOWN),
};

export const SYMBOLS = {
  ...Object.fromEntries(Object.entries(FILLED).map(([name, path]) => [name, { path, open: false }])),
  ...Object.fromEntries(Object.entries(FILLED).map(([name, path]) => [`${name}-open`, { path, open: true }])),
  "x-thin": { path: cross, open: true },
};
