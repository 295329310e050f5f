// What is read out, politely: a run that goes on has other words at every update.

const EVERY = 5000; // ms between two texts for a screen reader

export class Spoken {
  // `put(text)` hands a text to the screen reader.
  constructor(put) {
    Object.assign(this, { put, text: "" });
    this.soon();
  }

  say(text) {
    clearTimeout(this.later);
    if (text === this.text) return;
    // The last words before silence, such as those of a run that broke, are said when their time comes.
    const wait = this.at + EVERY - performance.now();
    if (wait > 0) {
      this.later = setTimeout(() => this.say(text), wait);
      return;
    }
    this.at = performance.now();
    this.text = text;
    this.put(text);
  }

  // Something else is to be said, without waiting.
  soon() {
    this.at = -EVERY;
  }

  close() {
    clearTimeout(this.later);
  }
}
