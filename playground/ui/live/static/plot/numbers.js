// Numbers as a reader meets them: 0.31, 4,612, 3.1·10⁻¹⁴, 24 %. A format is d3's, as figures give it to plotly.

const RAISED = "⁰¹²³⁴⁵⁶⁷⁸⁹";
const FORMAT = /^(,?)(?:\.(\d+))?(~?)([defg%]?)$/;

// 10⁻³; 1 and 10 as such.
export function power(exponent) {
  if (exponent === 0 || exponent === 1) return exponent ? "10" : "1";
  return ten(exponent);
}

function ten(exponent) {
  return `10${exponent < 0 ? "⁻" : ""}${[...String(Math.abs(exponent))].map((digit) => RAISED[digit]).join("")}`;
}

// As the page's own words say numbers, to so many digits.
export function number(value, digits = 2) {
  if (Number.isNaN(value)) return "NaN";
  if (!Number.isFinite(value)) return value > 0 ? "∞" : "−∞";
  if (value === 0) return "0";
  const [mantissa, exponent] = value.toExponential(digits - 1).split("e").map(Number);
  if (exponent >= -3 && exponent < 5) return signed(grouped(value.toFixed(Math.max(0, digits - 1 - exponent))));
  return signed(mantissa === 1 ? ten(exponent) : `${mantissa.toFixed(digits - 1)}·${ten(exponent)}`);
}

// `step` is what lies between neighbours on an axis: they are told apart, whatever the format says.
export function formatted(value, format = "", step = 0) {
  if (!Number.isFinite(value)) return number(value);
  const [, comma, given, trim, kind] = format.match(FORMAT) ?? ["", "", undefined, "~", ""];
  const text = plain(value, kind, given === undefined ? undefined : Number(given), step);
  const whole = comma ? grouped(text) : text;
  return (trim || !kind ? trimmed(whole) : whole) + (kind === "%" ? " %" : "");
}

function plain(value, kind, digits, step) {
  if (kind === "e") return number(value, (digits ?? 6) + 1);
  if (kind === "g") return number(value, digits ?? 6);
  if (!kind && !step) return Number.isSafeInteger(value) ? signed(grouped(String(value))) : number(value, digits ?? 4);
  if (!kind && (Math.abs(value) >= 1e5 || step < 1e-4)) {
    return number(value, Math.max(1, 1 + exponentOf(value) - exponentOf(step)));
  }
  const percent = kind === "%" ? 100 : 1;
  return signed((percent * value).toFixed(Math.max(digits ?? 0, decimals(percent * step))));
}

function decimals(step) {
  return step === 0 ? 0 : Math.max(0, -exponentOf(step));
}

function exponentOf(value) {
  return value === 0 ? -Infinity : Math.floor(Math.log10(Math.abs(value)) + 1e-9);
}

function grouped(text) {
  const [whole, rest] = text.split(".");
  const commas = whole.replace(/\B(?=(\d{3})+$)/g, ",");
  return rest === undefined ? commas : `${commas}.${rest}`;
}

function trimmed(text) {
  return text.replace(/(\.\d*?)0+(?=$|·)/, "$1").replace(/\.(?=$|·)/, "");
}

function signed(text) {
  return /^-[0.,]*$/.test(text) ? text.slice(1) : text.replace("-", "−");
}
