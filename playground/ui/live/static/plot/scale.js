// From a value to its place on the screen and back.

const FAR = 1e6; // px; what lies farther off is off the screen, and a canvas cannot place it

export class Scale {
  // `range` as plotly has it: log10 of the value on a log axis. `from` and `to` are the px of its two ends.
  constructor(type, range, from, to) {
    this.log = type === "log";
    Object.assign(this, { range, from, to });
    this.perUnit = (to - from) / (range[1] - range[0]);
  }

  // A value as the axis counts; NaN or −∞ where a log axis has no place for it.
  coordinate(value) {
    return this.log ? Math.log10(value) : value;
  }

  value(coordinate) {
    return this.log ? 10 ** coordinate : coordinate;
  }

  along(coordinate) {
    const px = this.from + (coordinate - this.range[0]) * this.perUnit;
    return Math.abs(px) < FAR ? px : Math.sign(px) * FAR;
  }

  // Where a value stands; NaN for one that has no place.
  at(value) {
    const coordinate = this.coordinate(value);
    return Number.isFinite(coordinate) ? this.along(coordinate) : NaN;
  }

  coordinateAt(px) {
    return this.range[0] + (px - this.from) / this.perUnit;
  }
}
