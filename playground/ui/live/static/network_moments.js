// One update as a list of moments, in the order in which they happen: forward step by step, loss, backward step by step,
// clip, update. Each says what is lit, what is done already, and its numbers.

import { NO_SIGNAL, ZERO } from "./network_colours.js";
import { clipped, moved, names, sentenceOf } from "./network_sentences.js";
import { finite, indexed, said } from "./network_words.js";

export const PHASES = ["forward", "loss", "backward", "clip", "update"];

export class Update {
  constructor(slow, network) {
    Object.assign(this, { slow, network });
    this.ways = slow.ways.map((way) => ({ ...way, h: way.h.map(finite), a: way.a.map(finite), g: way.g.map(finite) }));
    const sizes = this.ways.flatMap(({ h }) => h).filter(Number.isFinite);
    this.largest = Math.max(...sizes, Number.MIN_VALUE);
    this.cells = network.rows.map(() => []);
    this.entries = network.rows.map(() => 1);
    slow.groups.forEach((group, turn) => group.forEach((p) => this.place(p, turn)));
    const forward = slow.groups.flatMap((group, turn) =>
      this.ways[group[0]].h.map((_, i) => ({ phase: "forward", group, turn, i })),
    );
    const backward = forward.map((moment) => ({ ...moment, phase: "backward" })).reverse();
    this.moments = [...forward, { phase: "loss" }, ...backward, { phase: "clip" }, { phase: "update" }];
    this.places = placesOf(this.moments);
  }

  // Whether the numbers are of the network that is drawn.
  static fits(slow, { rows, steps }) {
    const labels = [...new Set(slow.ways.map(({ label }) => label))];
    const longest = Math.max(...slow.ways.map(({ offset, h }) => offset + h.length));
    const known = labels.every((label) => rows.some((row) => row.label === label));
    return longest === steps && known && labels.length === rows.length;
  }

  place(p, turn) {
    const { label, h } = this.ways[p];
    const row = this.network.rows.findIndex((each) => each.label === label);
    const last = this.ways[p].g.findLastIndex((value) => value !== 0);
    h.forEach((_, i) => (this.cells[row][this.stepOf(p, i) - 1] = { p, i, turn, beyond: last >= 0 && i > last }));
    this.ways[p].row = row;
    if (last >= 0) this.entries[row] = this.ways[p].g[last];
  }

  // The step of the common axis at which a pass takes its step number i, from 0.
  stepOf(p, i) {
    const { offset, back, h } = this.ways[p];
    return back ? offset + h.length - i : offset + i + 1;
  }

  // How far along the phases a moment is, each of length 1; and which moment is there.
  along(at) {
    return this.places[at];
  }

  at(along) {
    const found = this.places.findIndex((place) => place >= along - 1e-9);
    return found < 0 ? this.moments.length - 1 : found;
  }

  // What is drawn at moment number `at`; `references` are the norms, by row, that count as healthy: where no picture says
  // which, those with which the signal enters.
  shown(at, references) {
    const moment = this.moments[at];
    const { phase } = moment;
    const { slow } = this;
    return {
      phase,
      scale: phase === "forward" || phase === "loss" ? "size" : "ratio",
      look: (row, step) => this.look(moment, row, step, (references ?? this.entries)[row]),
      texts: this.texts(moment),
      losses: phase === "loss" ? this.losses() : [],
      loss: phase === "loss" ? `L = ${said(slow.loss)}` : "",
      over: { clip: clipped(slow), update: moved(slow) }[phase] ?? [],
    };
  }

  look({ phase, turn, i }, row, step, reference) {
    const cell = this.cells[row][step - 1];
    const { h, g } = this.ways[cell.p];
    const size = { value: h[cell.i] / this.largest, scale: "size" };
    const value = cell.beyond ? NO_SIGNAL : g[cell.i] === 0 ? ZERO : Math.log10(g[cell.i] / reference);
    const ratio = { value: Number.isFinite(g[cell.i]) ? value : NaN, scale: "ratio" };
    const lit = cell.turn === turn && cell.i === i;
    const before = cell.turn < turn || (cell.turn === turn && cell.i < i);
    if (phase === "forward") return before || lit ? { ...size, lit } : { value: NO_SIGNAL };
    if (phase === "loss") return size;
    if (phase === "backward") return before ? { ...size, faint: true } : { ...ratio, lit };
    return ratio;
  }

  // The numbers on the drawing: of the lit nodes, and of those that were gone through before them.
  texts({ phase, turn, i }) {
    if (phase !== "forward" && phase !== "backward") return [];
    const forward = phase === "forward";
    return this.cells.flatMap((row, r) =>
      row.flatMap((cell, t) => {
        const order = cell.turn - turn || cell.i - i;
        if (forward ? order > 0 : order < 0) return [];
        const { h, a, g } = this.ways[cell.p];
        const long = forward
          ? `${indexed("‖h", t + 1)}‖ ${said(h[cell.i])} · max ${indexed("|a", t + 1)}| ${said(a[cell.i])}`
          : `${indexed("‖∂L/∂h", t + 1)}‖ ${said(g[cell.i])}`;
        return [{ row: r, step: t + 1, text: said(forward ? h[cell.i] : g[cell.i]), long, lit: order === 0 }];
      }),
    );
  }

  losses() {
    const { first, losses, counts } = this.slow.answers;
    return losses.flatMap((each, k) => (counts[k] ? [{ step: first + k, text: said(each) }] : []));
  }

  sentence(at) {
    return sentenceOf(this, this.moments[at]);
  }

  // All numbers of a moment, for the line under the drawing: name, value.
  numbers(at) {
    const moment = this.moments[at];
    const { phase, group, i } = moment;
    if (phase === "loss") {
      return [["loss", said(this.slow.loss)], ...this.losses().map(({ step, text }) => [indexed("L", step), text])];
    }
    if (phase === "clip" || phase === "update") return names(this.slow, phase);
    return group.flatMap((p) => {
      const { label, h, a, g } = this.ways[p];
      const step = this.stepOf(p, i);
      const of = this.network.rows.length > 1 ? `${label}: ` : "";
      if (phase === "backward") return [[`${of}${indexed("‖∂L/∂h", step)}‖`, said(g[i])]];
      return [[`${of}${indexed("‖h", step)}‖`, said(h[i])], [`largest ${indexed("|a", step)}|`, said(a[i])]];
    });
  }
}

// How far along the phases each moment ends.
function placesOf(moments) {
  const counts = Object.fromEntries(PHASES.map((each) => [each, moments.filter(({ phase }) => phase === each).length]));
  const seen = Object.fromEntries(PHASES.map((each) => [each, 0]));
  return moments.map(({ phase }) => PHASES.indexOf(phase) + ++seen[phase] / counts[phase]);
}
