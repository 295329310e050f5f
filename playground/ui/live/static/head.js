// The line over the pictures: the metric, the alarm that stands, and how the run goes on; of two runs, both.

import { element } from "./element.js";

const SHORT = 24; // letters of a name

export class Head {
  // `tools` stand under the line.
  constructor(tools) {
    this.node = element("div", "pg-head");
    this.metric = element("p", "pg-metric");
    this.facts = element("p", "pg-facts");
    this.alarm = element("p", "pg-alarm");
    // Its row is there before an alarm is, so that nothing below it jumps.
    const row = element("div", "pg-row");
    row.append(this.facts, this.alarm);
    const second = element("div", "pg-row pg-second");
    second.append(...tools);
    this.node.append(this.metric, row, second);
    this.empty("");
  }

  // Nothing is watched.
  empty(words) {
    this.write(words);
    this.facts.replaceChildren();
    this.alarm.hidden = true;
  }

  // A side is a run as it is watched: its name, its newest header, whether it is lost or refused.
  say(own, twin) {
    if (own.header) {
      const { metric_words: words, update } = own.header;
      const metric = words || (update < 0 ? "Waiting for the first update." : "");
      this.write(metric, twin.header?.metric_value, own.name, twin.name);
      this.warn(own, twin);
    }
    this.line(own, twin);
  }

  // The metric; with that of the twin each behind the colour of its line.
  write(metric, value = "", one = "", other = "") {
    const node = this.metric;
    const said = value && `${one}: ${metric} · ${other}: ${value}`;
    node.classList.toggle("pg-two", Boolean(value));
    if (!value) {
      if (node.textContent !== metric || node.title) Object.assign(node, { textContent: metric, title: "" });
    } else if (node.title !== said) {
      const own = element("span", "pg-one", metric);
      own.prepend(element("i", "pg-line pg-solid"));
      const twin = element("span", "pg-one");
      twin.append(element("i", "pg-line pg-dashed"), element("span", "pg-name", other), `: ${value}`);
      node.replaceChildren(own, element("span", "pg-between", " · "), twin);
      node.title = said;
    }
  }

  // The worst that stands: this run's, or else the twin's.
  warn(own, twin) {
    const mine = standing(own.header);
    const all = mine.length ? mine : standing(twin.header);
    const [worst] = all;
    this.alarm.hidden = !worst;
    if (!worst) return;
    const more = all.length > 1 ? ` (and ${all.length - 1} more)` : "";
    const whose = mine.length ? "" : `${called(twin)}: `;
    const text = `${worst.glyph} ${whose}${worst.sentence}${more}`;
    if (this.alarm.textContent === text) return;
    this.alarm.className = `pg-alarm pg-${worst.colour}`;
    // Only what is broken interrupts a screen reader.
    if (worst.severity === "failure") this.alarm.setAttribute("role", "alert");
    else this.alarm.removeAttribute("role");
    this.alarm.setAttribute("aria-live", worst.severity === "failure" ? "assertive" : "polite");
    this.alarm.textContent = this.alarm.title = text;
  }

  line(own, twin) {
    const parts = own.lost || twin.lost ? [["pg-status pg-reconnecting", "reconnecting …"]] : [];
    if (own.header) parts.push(...facts(own, twin));
    const current = [...this.facts.children];
    // Only what changed is touched: a number that is replaced by itself would be read out again.
    parts.forEach(([className, text, tip = ""], i) => {
      const node = current[i] ?? this.facts.appendChild(element("span"));
      if (node.className !== className) node.className = className;
      if (node.textContent !== text) node.textContent = text;
      if (node.title !== tip) node.title = tip;
    });
    current.slice(parts.length).forEach((node) => node.remove());
  }
}

// Each with its class, and what the tip says.
function facts({ header, lost }, twin) {
  const { update, updates, rate, seconds_left: left, status, sentence, remarks, changes, newest } = header;
  if (newest !== undefined) return [["pg-status pg-back", `update ${counted(update)} of ${counted(newest)} · looking back`]];
  const running = status === "running";
  const parts = lost ? [] : [[`pg-status pg-${status}`, status]];
  parts.push(["pg-count", `${counted(update)} / ${updates.toLocaleString("en")}`]);
  if (running && rate > 0) parts.push(["", `${rate < 10 ? rate.toFixed(1) : Math.round(rate)} updates/s`]);
  if (running && left !== null) parts.push(["", `${duration(left)} left`]);
  const other = twin.header;
  if (other && other.status !== status) {
    parts.push(["pg-sentence", `${called(twin)}: ${other.status} at ${counted(other.update)}`]);
  }
  if (twin.refused) parts.push(["pg-sentence", `${called(twin)}: ${twin.refused}`]);
  // The alarm says it already, and better.
  const [worst] = standing(header);
  if (sentence && worst?.severity !== "failure") parts.push(["pg-sentence", sentence]);
  // The newest; all are in the tip.
  if (changes.length) parts.push(["pg-sentence", changes.at(-1), changes.join("\n")]);
  if (!worst) for (const remark of remarks) parts.push(["pg-sentence", remark]);
  return parts;
}

// Alarms that belong in the line over the pictures, the worst first: NaN, which all other failures end in; then the
// earliest.
function standing(header) {
  const alarms = (header?.alarms ?? []).filter(({ cleared, severity }) => !cleared && severity !== "note");
  return alarms.sort((one, other) => rank(one) - rank(other) || one.update - other.update);
}

function rank({ severity, kind }) {
  if (severity !== "failure") return 2;
  return kind === "not_finite" ? 0 : 1;
}

// What a run is called where room is scarce.
function called({ name }) {
  return name.length <= SHORT ? name : "twin";
}

function counted(update) {
  return Math.max(update, 0).toLocaleString("en");
}

function duration(seconds) {
  if (seconds < 90) return `${Math.round(seconds)} s`;
  return seconds < 5400 ? `${Math.round(seconds / 60)} min` : `${(seconds / 3600).toFixed(1)} h`;
}
