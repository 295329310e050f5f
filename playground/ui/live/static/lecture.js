// For a class that looks from twelve metres: letters of 20 px where there were 12, lines of 3 px or more.

const LARGER = 20 / 12;
const LINE = 3; // px
const FONTS = ["font", "tickfont"];

// A frame of a run: its first pictures and its marks.
export function enlargedFrame({ header, array }) {
  header.first &&= enlarged(header.first);
  for (const changes of Object.values(header.figures)) changes.marks = enlarged(changes.marks);
  return { header, array };
}

// Any part of a figure, or of a template, as plotly writes it. What was given stays as it is.
export function enlarged(value, key = "") {
  if (Array.isArray(value)) return typeof value[0] === "object" ? value.map((each) => enlarged(each, key)) : value;
  if (value === null || typeof value !== "object" || ArrayBuffer.isView(value)) return value;
  const made = Object.fromEntries(Object.entries(value).map(([name, each]) => [name, enlarged(each, name)]));
  if (FONTS.includes(key) && made.size) made.size *= LARGER;
  if (key === "marker" && typeof made.size === "number") made.size *= LARGER;
  if (key === "line" && made.width) made.width = Math.max(made.width, LINE);
  if (key === "margin") for (const side of ["l", "r", "b"]) made[side] *= LARGER;
  return made;
}
