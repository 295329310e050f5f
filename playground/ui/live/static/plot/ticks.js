// Where an axis has its ticks, and what they say. No two labels touch.

import { formatted, number, power } from "./numbers.js";

const NICE = [1, 2, 5];
const NICE_DECADES = [1, 2, 3, 4, 5, 6, 8];
const MOST = 12; // labels on an axis, however long
const MANTISSAS = [[1, 2, 5], [1, 2, 3, 4, 5, 6, 7, 8, 9]];

// `room` is how many px a text needs along the axis, the distance to the next one included. Returns {at, text}, px.
export function ticksOf(axis, scale, room) {
  if (axis.tickvals) return apart(within(scale, given(axis, scale)), room);
  let most = Math.min(axis.nticks || MOST, Math.floor(Math.abs(scale.to - scale.from) / room("0")) + 1);
  for (; most > 1; most--) {
    const ticks = within(scale, scale.log ? decades(axis, scale, most) : evenly(axis, scale, most));
    if (clear(ticks, room)) return ticks;
  }
  return apart(within(scale, scale.log ? decades(axis, scale, 2) : evenly(axis, scale, 2)), room);
}

function given({ tickvals, ticktext, tickformat }, scale) {
  return tickvals.map((value, i) => ({ at: scale.at(value), text: ticktext?.[i] ?? formatted(value, tickformat) }));
}

function evenly({ tickformat = "" }, scale, most) {
  const [low, high] = [...scale.range].sort((one, other) => one - other);
  const whole = /d$/.test(tickformat);
  const step = Math.max(nice((high - low) / most), whole ? 1 : 0);
  const first = Math.ceil(low / step - 1e-6);
  const count = Math.floor(high / step + 1e-6) - first + 1;
  return Array.from({ length: Math.max(0, count) }, (_, i) => {
    const value = (first + i) * step;
    return { at: scale.along(value), text: formatted(value, tickformat, step) };
  });
}

// At powers of ten; where too few of them are in sight, between them too.
function decades(axis, scale, most) {
  const [low, high] = [...scale.range].sort((one, other) => one - other);
  const step = nice(Math.max(1, (high - low) / most), NICE_DECADES);
  const whole = multiples(low, high, step);
  const powers = whole.map((exponent) => ({ at: scale.along(exponent), text: power(exponent) }));
  if (powers.length > 1 || high - low >= 1) return powers;
  for (const mantissas of MANTISSAS) {
    const tens = multiples(Math.floor(low), high, 1).map((exponent) => 10 ** exponent);
    const found = tens.flatMap((ten) => mantissas.map((mantissa) => mantissa * ten));
    const ticks = found.map((value) => ({ at: scale.at(value), text: number(value, 1) }));
    if (within(scale, ticks).length > 1) return ticks;
  }
  const values = { log: false, range: [10 ** low, 10 ** high], along: (value) => scale.at(value) };
  return evenly({ tickformat: "" }, values, most);
}

function multiples(low, high, step) {
  const first = Math.ceil(low / step - 1e-6);
  const count = Math.floor(high / step + 1e-6) - first + 1;
  return Array.from({ length: Math.max(0, count) }, (_, i) => (first + i) * step);
}

function nice(rough, steps = NICE) {
  const ten = 10 ** Math.floor(Math.log10(rough));
  return (steps.find((each) => each * ten >= rough * 0.999) ?? 10) * ten;
}

function within({ from, to }, ticks) {
  const [low, high] = [Math.min(from, to) - 0.5, Math.max(from, to) + 0.5];
  return ticks.filter(({ at }) => at >= low && at <= high).sort((one, other) => one.at - other.at);
}

function clear(ticks, room) {
  return ticks.every(({ at, text }, i) => !i || at - ticks[i - 1].at >= (room(text) + room(ticks[i - 1].text)) / 2);
}

// Every second, third, … of ticks that were given, until they are clear of each other.
function apart(ticks, room) {
  for (let every = 1; every < ticks.length; every++) {
    const fewer = ticks.filter((_, i) => i % every === 0);
    if (clear(fewer, room)) return fewer;
  }
  return ticks.slice(0, 1);
}
