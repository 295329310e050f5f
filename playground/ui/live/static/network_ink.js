// The pen of the unrolled network: its colours, as the theme has them, and its letters.

const SHADES = 96; // colours of a scale
const USUAL = 12; // px of the letters of an axis; a class sees larger ones
const DECADES = 8; // to which the scale of ratios reaches on either side

export class Ink {
  constructor(canvas) {
    this.canvas = canvas;
    this.pen = canvas.getContext("2d");
  }

  // An empty ground of this size, in px of the page.
  begin(template, { width, height }) {
    const { canvas, pen } = this;
    const dense = window.devicePixelRatio || 1;
    const [across, down] = [Math.round(width * dense), Math.round(height * dense)];
    if (canvas.width !== across || canvas.height !== down) Object.assign(canvas, { width: across, height: down });
    pen.setTransform(dense, 0, 0, dense, 0, 0);
    pen.clearRect(0, 0, width, height);
    if (template === this.template) return;
    this.template = template;
    const { font, xaxis, coloraxis, coloraxis2, coloraxis3, hoverlabel } = template.layout;
    Object.assign(this, { ink: font.color, family: font.family, paper: hoverlabel.bgcolor });
    Object.assign(this, { muted: xaxis.tickfont.color, hairline: xaxis.gridcolor, larger: xaxis.tickfont.size / USUAL });
    Object.assign(this, { ratios: shadesOf(coloraxis.colorscale), sizes: shadesOf(coloraxis2.colorscale) });
    [this.zero, this.bad] = [coloraxis3.colorscale[0][1], coloraxis3.colorscale.at(-1)[1]];
  }

  // The colour of a ratio by its decades; of a size from 0 to 1.
  shade(value, scale) {
    if (scale === "size") return this.sizes[Math.round(Math.min(1, value) * (SHADES - 1))];
    const within = Math.min(DECADES, Math.max(-DECADES, value));
    return this.ratios[Math.round((within / DECADES + 1) * 0.5 * (SHADES - 1))];
  }

  write(text, x, y, { align = "left", colour = this.muted, size = 11 } = {}) {
    Object.assign(this.pen, { font: this.font(400, size), textAlign: align, textBaseline: "middle", fillStyle: colour });
    this.pen.fillText(text, x, y);
  }

  // Bold, and with a halo that keeps what is below it apart. Stays between two places where they are given.
  stress(text, x, y, { align = "center", size = 11, between = null } = {}) {
    const { pen } = this;
    Object.assign(pen, { font: this.font(600, size), textAlign: align, textBaseline: "middle" });
    if (between) {
      const half = pen.measureText(text).width / 2;
      x = Math.max(between[0] + half, Math.min(between[1] - half, x));
    }
    Object.assign(pen, { strokeStyle: this.paper, lineWidth: 4, lineJoin: "round", fillStyle: this.ink });
    pen.strokeText(text, x, y);
    pen.fillText(text, x, y);
  }

  // The first of these texts that is no wider, or else the last, on a ground of its own.
  board(texts, x, y, wide) {
    const { pen } = this;
    pen.font = this.font(600, 12);
    const text = texts.find((each) => pen.measureText(each).width < wide) ?? texts.at(-1);
    const half = pen.measureText(text).width / 2 + 10;
    const box = [x - half, y - 12 * this.larger, 2 * half, 24 * this.larger];
    Object.assign(pen, { fillStyle: this.paper, strokeStyle: this.muted, lineWidth: 1 });
    pen.fillRect(...box);
    pen.strokeRect(...box);
    this.stress(text, x, y, { size: 12 });
  }

  font(weight, size) {
    return `${weight} ${size * this.larger}px ${this.family}`;
  }

  dot(x, y, radius) {
    this.pen.beginPath();
    this.pen.arc(x, y, radius, 0, 2 * Math.PI);
    this.pen.fill();
  }
}

// A plotly colour scale as a list.
function shadesOf(scale) {
  const parsed = scale.map(([at, colour]) => [at, [1, 3, 5].map((i) => parseInt(colour.slice(i, i + 2), 16))]);
  return Array.from({ length: SHADES }, (_, i) => {
    const at = i / (SHADES - 1);
    const next = Math.max(1, parsed.findIndex(([place]) => place >= at - 1e-9));
    const [[from, one], [to, other]] = [parsed[next - 1], parsed[next]];
    const share = (at - from) / (to - from);
    return `rgb(${one.map((part, k) => Math.round(part + (other[k] - part) * share)).join()})`;
  });
}
