// What pictures share: a zoom, a window, a layer, an update that the reader is pointed to.

const AROUND = 15; // updates shown before and after one that is pointed to; more, late in a run

let looked = "null"; // what the reader was pointed to last: coming back to the page is no reason to do it again

export class Together {
  // `cursor()` is the update that is looked back to, null while it is live.
  constructor(parts, cursor) {
    Object.assign(this, { parts, cursor });
  }

  // Pictures over the same axis show the same layer.
  select(side, choice) {
    for (const part of this.parts) if (part.figure.side === side) part.select(choice);
  }

  // Those that move when this one does.
  beside({ figure }) {
    if (!figure.shares) return [];
    return this.parts.filter((each) => each.figure !== figure && each.figure.side === figure.side && each.figure.shares);
  }

  zoom(part, ranges) {
    const moved = ranges?.xaxis && { xaxis: ranges.xaxis };
    for (const each of this.beside(part)) this.set(each, ranges === null ? {} : { ...each.charts[0].zoom, ...moved }, ranges);
    this.set(part, ranges === null ? {} : { ...part.charts[0].zoom, ...ranges }, ranges);
  }

  // The reader's own window takes the place of the one that follows the run.
  set(part, zoom, ranges) {
    if (part.isRecent) part.window(false);
    part.zoom(zoom);
    if (ranges === null) part.mark(this.cursor());
  }

  // Whatever shows updates along the same axis goes with it.
  window(part, wanted) {
    const same = this.beside(part).filter(({ figure }) => figure.updates_axis === part.figure.updates_axis);
    for (const each of [part, ...same]) {
      each.window(wanted);
      if (!wanted) each.zoom({});
    }
  }

  isNew(wanted) {
    return Boolean(wanted) && JSON.stringify(wanted) !== looked;
  }

  // Shows an update in one figure, or `head`, the line over all of them, once.
  look(wanted, head) {
    const fresh = this.isNew(wanted);
    looked = JSON.stringify(wanted);
    if (!fresh) return;
    const { figure: name, update } = wanted;
    if (name === "head") {
      head.scrollIntoView({ block: "nearest" });
      return;
    }
    // What has no picture of its own is looked for in the first one that counts updates.
    const there = this.parts.filter(({ chosen }) => chosen);
    const part = there.find(({ figure }) => figure.name === name) ?? there.find(({ figure }) => figure.updates_axis);
    if (!part) return;
    part.card.attend();
    const axis = part.figure.updates_axis;
    if (!axis || !Number.isFinite(update)) return;
    const around = Math.max(AROUND, update / 10);
    for (const each of [part, ...this.beside(part)]) each.mark(update);
    this.zoom(part, { [axis]: [Math.max(update - around, -1), update + around] });
  }
}
