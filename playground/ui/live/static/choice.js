// Which pictures the reader sees: those of the page's link, else what this browser chose before, else those at first.

const KEPT = "playground.pictures";

export class Choice {
  // `figures` is the gallery, `most` the largest number of pictures at once.
  constructor(figures, most) {
    // `mine` is all that the reader chose here: a rerun says it back, and by then there may be a newer choice.
    Object.assign(this, { figures, most, given: null, mine: new Set() });
    this.names = this.known(kept()) ?? figures.filter(({ shown }) => shown).map(({ name }) => name);
  }

  // What the page asks for counts once: a rerun that knows of nothing newer does not undo what the reader chose since.
  give(names) {
    const asked = JSON.stringify(names);
    if (asked === this.given) return false;
    this.given = asked;
    const known = this.known(names);
    if (!known || this.mine.has(known.join())) return false;
    this.names = this.wanted = known;
    return true;
  }

  // Whether the page itself wants it, such as a lesson that speaks of it.
  wants(name) {
    return Boolean(this.wanted?.includes(name));
  }

  has(name) {
    return this.names.includes(name);
  }

  get full() {
    return this.names.length >= this.most;
  }

  set(name, wanted) {
    const names = wanted ? [...this.names, name] : this.names.filter((each) => each !== name);
    this.keep(names);
  }

  atFirst() {
    this.keep(this.figures.filter(({ shown }) => shown).map(({ name }) => name));
  }

  keep(names) {
    this.names = this.known(names);
    this.mine.add(this.names.join());
    try {
      localStorage.setItem(KEPT, this.names.join());
    } catch {
      // A browser that keeps nothing shows what it shows.
    }
  }

  // Those of the names that there are, in the gallery's order.
  known(names) {
    return names && this.figures.map(({ name }) => name).filter((name) => names.includes(name)).slice(0, this.most);
  }
}

function kept() {
  try {
    return localStorage.getItem(KEPT)?.split(",") ?? null;
  } catch {
    return null;
  }
}
