// A trace's arrays: lists, typed arrays, or the base64 in which plotly.py writes an array.

const KINDS = {
  f8: Float64Array,
  f4: Float32Array,
  i4: Int32Array,
  u4: Uint32Array,
  i2: Int16Array,
  u2: Uint16Array,
  i1: Int8Array,
  u1: Uint8Array,
};
const decoded = new WeakMap();

export function numbers(values) {
  if (!values) return new Float64Array(0);
  if (values.bdata !== undefined) return unpacked(values);
  // null is how JSON writes NaN.
  return Array.isArray(values) ? Float64Array.from(values, (value) => value ?? NaN) : values;
}

export function rowsOf(values) {
  if (!values) return [];
  if (values.bdata === undefined) return values;
  const flat = unpacked(values);
  const [rows, columns] = values.shape.split(",").map(Number);
  return Array.from({ length: rows }, (_, row) => flat.subarray(row * columns, (row + 1) * columns));
}

// Where its values stand along an axis: given one by one, or by a first one and a distance.
export function places(trace, letter, count) {
  if (trace[letter]) return numbers(trace[letter]);
  const [first, distance] = [trace[`${letter}0`] ?? 0, trace[`d${letter}`] ?? 1];
  return Float64Array.from({ length: count }, (_, i) => first + i * distance);
}

function unpacked(packed) {
  if (!decoded.has(packed)) {
    const bytes = Uint8Array.from(atob(packed.bdata), (sign) => sign.charCodeAt(0));
    decoded.set(packed, new KINDS[packed.dtype](bytes.buffer));
  }
  return decoded.get(packed);
}
