// The numbered links of a lesson's text: a click is reported, and what it lights up is outlined and brought into view.

import { element } from "../element.js";
import { entry } from "../entry.js";

const TEXT = ".st-key-lesson-text";
const LINKS = `${TEXT} a[href^="#see-"]`;
const CARDS = '[class*="st-key-predict-"]';
const PATIENCE = 10_000; // ms until what is lit up is there: the page may have to draw it first
const HANDS = ["wheel", "touchmove", "keydown", "pointerdown"]; // a reader who goes elsewhere meanwhile is left alone

// Listens from the moment that this is loaded: a click that comes before Streamlit asks for the component waits for it,
// as does one that came before this, and was taken for a place to jump to.
let waiting = Number(location.hash.match(/^#see-(\d+)$/)?.[1] ?? 0);
let report = (number) => (waiting = number);

addEventListener("click", (event) => {
  const link = event.target.closest?.(LINKS);
  if (!link) return;
  event.preventDefault();
  event.stopPropagation();
  report(Number(link.getAttribute("href").slice("#see-".length)));
}, true);

export default entry(["lessons/links.css"], (slot) => {
  const { parentElement, data } = slot.component;
  slot.view ??= new Links(parentElement);
  slot.view.show(JSON.parse(data.shown));
  report = (number) => slot.component.setTriggerValue("see", number);
  if (!waiting) return;
  const early = waiting;
  waiting = 0;
  history.replaceState(history.state, "", location.pathname + location.search);
  setTimeout(() => report(early)); // not before Streamlit has taken up this component
});

class Links {
  constructor(parent) {
    this.rules = element("style");
    this.said = element("p", "ls-said");
    this.said.setAttribute("role", "status");
    parent.append(this.rules, this.said);
    this.onHand = () => cancelAnimationFrame(this.waiting);
    for (const kind of HANDS) addEventListener(kind, this.onHand, { capture: true, passive: true });
    this.onFocus = ({ target }) => (this.held = { target, card: cardOf(target) });
    addEventListener("focusin", this.onFocus);
    // The text is drawn anew at its own times.
    this.watcher = new MutationObserver(() => {
      this.mark();
      this.keepFocus();
    });
  }

  show(wanted) {
    const before = this.wanted;
    this.wanted = wanted;
    this.follow();
    this.mark();
    this.rules.textContent = ruled(wanted);
    const turned = before && before.heading !== wanted.heading;
    const lit = wanted.stamp !== before?.stamp && wanted.selector;
    if (turned) this.turn();
    if (lit) this.attend(performance.now() + PATIENCE);
    if (turned && !lit) this.said.textContent = wanted.heading;
    if (!wanted.selector && !turned) this.said.textContent = "";
  }

  follow() {
    const text = document.querySelector(TEXT);
    if (text === this.text) return;
    this.text = text;
    this.watcher.disconnect();
    if (text) this.watcher.observe(text, { childList: true, subtree: true });
  }

  mark() {
    for (const link of document.querySelectorAll(LINKS)) {
      const here = link.getAttribute("href") === `#see-${this.wanted.number}`;
      if (here && link.getAttribute("aria-current") !== "true") link.setAttribute("aria-current", "true");
      if (!here) link.removeAttribute("aria-current");
    }
  }

  // A button that goes when it was pressed takes the focus with it: who uses the keyboard goes on at its question.
  keepFocus() {
    const { target, card } = this.held ?? {};
    if (!card || target.isConnected || document.activeElement !== document.body) return;
    const heading = document.querySelector(`.${card} :is(h1, h2, h3, h4, h5, h6)`);
    if (!heading) return;
    heading.tabIndex = -1;
    heading.focus({ preventScroll: true });
  }

  // Another step is read from its beginning.
  turn() {
    if (!this.text) return;
    this.text.scrollTop = 0;
    if (this.text.getBoundingClientRect().top < 0) this.text.scrollIntoView({ block: "start" });
  }

  attend(until) {
    cancelAnimationFrame(this.waiting);
    const parts = [...document.querySelectorAll(this.wanted.selector)].filter((part) => part.offsetParent !== null);
    if (parts.length) {
      const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
      const narrow = matchMedia("(max-width: 640px)").matches; // there the text fills the screen, and what is lit up follows below
      parts[0].scrollIntoView({ behavior: calm ? "auto" : "smooth", block: narrow ? "start" : "nearest" });
      this.said.textContent = this.wanted.words;
    } else if (performance.now() < until) {
      this.waiting = requestAnimationFrame(() => this.attend(until));
    }
  }

  close() {
    report = (number) => (waiting = number);
    for (const kind of HANDS) removeEventListener(kind, this.onHand, true);
    removeEventListener("focusin", this.onFocus);
    cancelAnimationFrame(this.waiting);
    this.watcher.disconnect();
    this.rules.remove();
    this.said.remove();
  }
}

// The class of the question's card around an element, the outermost that is one.
function cardOf(target) {
  let found = null;
  for (let at = target.closest?.(CARDS); at; at = at.parentElement.closest(CARDS)) found = at;
  return found && [...found.classList].find((name) => name.startsWith("st-key-predict-"));
}

// By selector, and not by class: what is lit up may be drawn anew.
function ruled({ selector, number }) {
  const lit = selector && `:is(${selector}) { outline: 3px solid var(--ls-lit); outline-offset: 3px; border-radius: 8px; }`;
  const here = number && `${TEXT} a[href="#see-${number}"] { background: var(--ls-here); text-decoration-thickness: 2px; }`;
  return [lit, here].filter(Boolean).join("\n");
}
