// One plain sentence for each moment of an update, and the numbers of the phases that are about tensors.

import { finite, indexed, said } from "./network_words.js";

const LETTERS = { W: "the inputs' weights W", U: "the recurrent matrix U", V: "the read-out V" };

export function sentenceOf(update, moment) {
  return { forward, loss, backward, clip, update: move }[moment.phase](update, moment);
}

function forward(update, { group, turn, i }) {
  const { network, ways } = update;
  const step = update.stepOf(group[0], i);
  const writes = network.handover > 0 && step > network.handover;
  if (ways[group[0]].label.endsWith("→") && group.length > 1 && !writes) return bothWays(update, group, turn, i);
  const read = !writes && step <= network.reads;
  const taken = read ? indexed("x", step) : { answers: "the answer before", zeros: "a zero", nothing: "" }[network.feeds];
  const above = network.rows.length > 1 && ways.length > 1 ? ", layer by layer" : "";
  if (writes && i === 0) return `Step ${step}: the decoder starts from what the encoder hands over.`;
  if (i === 0 && update.slow.carried) return `Step ${step}: the state takes in ${taken} and goes on from the window before${above}.`;
  if (i === 0) return `Step ${step}: the state takes in ${taken}${above}; there is nothing to remember yet.`;
  return `Step ${step}: the state takes in ${taken} and what it remembers${above}.`;
}

function bothWays(update, group, turn, i) {
  const [forth, back] = group.map((p) => update.stepOf(p, i));
  const given = turn ? "what the layer below says there" : `${indexed("x", forth)} and ${indexed("x", back)}`;
  return `Step ${forth} forwards and step ${back} from the end: two states take in ${given}, and what each remembers.`;
}

function loss({ slow, network }) {
  const [first, last] = network.counts;
  const what = first === last ? `The answer at step ${last} is` : `The answers at steps ${first} to ${last} are`;
  return `${what} compared with what is true: the loss is ${said(slow.loss)}.`;
}

function backward(update, { group, i }) {
  const { network, ways } = update;
  // The uppermost layer: the way back begins there.
  const p = group.reduce((one, other) => (ways[other].row < ways[one].row ? other : one));
  const { g, row } = ways[p];
  const step = update.stepOf(p, i);
  const [first, last] = network.counts;
  const told = network.rows[row] === network.rows[0] && step >= first && step <= last;
  const from = i + 1 < g.length ? update.stepOf(p, i + 1) : null;
  if (!Number.isFinite(g[i])) return `Step ${step}: the signal is no finite number any more.`;
  if (from === null) {
    if (told) return `Step ${step}: the answer says how much the loss would change if ${indexed("h", step)} moved.`;
    if (network.handover < step) return `Step ${step}: the signal comes from the layer above.`;
    return `Step ${step}: the decoder hands its signal back to the encoder's last state.`;
  }
  if (g[i + 1] === 0) return `Step ${step}: nothing comes back from step ${from}.`;
  const way = `Step ${step}: the signal from step ${from} goes back through ${update.slow.through}`;
  const factor = said(g[i] / g[i + 1]);
  if (told) return `${way}, and the answer here adds its own: ${factor} times as much as at step ${from}.`;
  return g[i] < g[i + 1] ? `${way}: ${factor} of it arrives.` : `${way}: ${factor} times as much arrives.`;
}

function clip({ slow }) {
  const sums = "Each matrix adds up its gradient over all steps";
  const [before, after] = [total(slow, "before"), total(slow, "after")];
  if (!slow.clip) return `${sums}: ${said(before)} in all. Nothing is clipped: no rule is chosen.`;
  const same = Math.abs(after - before) <= 1e-5 * before;
  const done = same ? "leaves that as it is" : `makes ${said(after)} of it`;
  return `${sums}: ${said(before)} in all. Clipping (${slow.clip}) ${done}.`;
}

function move({ slow }) {
  const most = largest(slow);
  const what = LETTERS[most.name] ?? most.name;
  const share = `by ${said(100 * finite(most.ratio))} % of its size`;
  const moves = `${slow.optimizer} moves every weight against its gradient, at a learning rate of ${said(slow.learning_rate)}`;
  return `${moves}: most of all ${what}, ${share}.`;
}

// Numbers by tensor: name, value.
export function names({ tensors }, phase) {
  if (phase === "clip") {
    const each = tensors.map(({ name, before, after }) => [name, `${said(before)} → ${said(after)}`]);
    return [["‖g‖ before → after:", ""], ...each];
  }
  return [["‖Δw‖/‖w‖:", ""], ...tensors.map(({ name, ratio }) => [name, said(ratio)])];
}

// What is written over the drawing, the longest version that fits: by tensor, or of all.
export function clipped(slow) {
  const each = slow.tensors.map(({ name, before, after }) => `${name} ${said(before)} → ${said(after)}`).join("   ");
  return [`‖g‖  ${each}`, `‖g‖ of all weights ${said(total(slow, "before"))} → ${said(total(slow, "after"))}`];
}

export function moved(slow) {
  const most = largest(slow);
  const each = slow.tensors.map(({ name, ratio }) => `${name} ${said(ratio)}`).join("   ");
  return [`‖Δw‖/‖w‖  ${each}`, `‖Δw‖/‖w‖ of ${most.name} ${said(most.ratio)}`];
}

function total({ tensors }, side) {
  return Math.hypot(...tensors.map((tensor) => finite(tensor[side])));
}

// The tensor that moves most of its size; one that leaves 0 has no such share.
function largest({ tensors }) {
  const known = tensors.filter(({ ratio }) => Number.isFinite(finite(ratio)));
  return known.reduce((most, one) => (one.ratio > most.ratio ? one : most), known[0] ?? tensors[0]);
}
