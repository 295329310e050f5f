// Decodes the binary frame that frames.py describes: u32 header length, JSON header, arrays.

const ARRAYS = { f4: Float32Array, f8: Float64Array };

export function decode(buffer) {
  const length = new DataView(buffer).getUint32(0, true);
  const header = JSON.parse(new TextDecoder().decode(new Uint8Array(buffer, 4, length)));
  const start = 4 + length;
  const array = ([kind, shape, offset]) => {
    const flat = (from, count) => new ARRAYS[kind](buffer, start + offset + from * ARRAYS[kind].BYTES_PER_ELEMENT, count);
    if (shape.length === 1) return flat(0, shape[0]);
    const [rows, columns] = shape;
    return Array.from({ length: rows }, (_, row) => flat(row * columns, columns));
  };
  return { header, array };
}
