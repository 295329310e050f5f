// What the unrolled network and its slow motion say of steps and numbers.

import { number } from "./plot/numbers.js";

const LOWERED = [..."₀₁₂₃₄₅₆₇₈₉"];

// h with a small 12 below it.
export function indexed(letter, step) {
  return letter + [...String(step)].map((digit) => LOWERED[digit]).join("");
}

// What is not finite comes by its name: JSON has no number for it.
export function finite(given) {
  return typeof given === "string" ? Number(given) : given;
}

export function said(given) {
  return number(finite(given));
}
