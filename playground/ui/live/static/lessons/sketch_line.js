// Heights at the handles, in decades; null where none was set yet.

export const NOTCH = 0.05; // decades: what is drawn is rounded to this

// Straight between those that are set, level beyond them; null where none is.
export function filled(steps, heights) {
  const known = heights.flatMap((height, i) => (height === null ? [] : [i]));
  if (!known.length) return null;
  return heights.map((height, i) => {
    if (height !== null) return height;
    const right = known.find((each) => each > i);
    const left = known.findLast((each) => each < i);
    if (left === undefined || right === undefined) return heights[left ?? right];
    const share = (steps[i] - steps[left]) / (steps[right] - steps[left]);
    return heights[left] + share * (heights[right] - heights[left]);
  });
}

// Within the axis, and rounded, so that a finger's tremble is no opinion.
export function notched(height, low, high) {
  return Math.min(high, Math.max(low, Math.round(height / NOTCH) * NOTCH));
}

export function nearest(steps, step) {
  return steps.reduce((best, each, i) => (Math.abs(each - step) < Math.abs(steps[best] - step) ? i : best), 0);
}
