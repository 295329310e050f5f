// What runs were at a past update, fetched from the server: the newest wish alone, one at a time.

const LONGEST_WAIT = 5; // seconds before a refused wish is sent again

export class Past {
  // `on(update, frames)` gets one frame for each run, null where there is none.
  constructor(decode, on) {
    Object.assign(this, { decode, on });
  }

  // `addresses` of what is to be fetched, null for nothing more; a later call overtakes an earlier one.
  async look(update, addresses) {
    this.wanted = addresses && { update, addresses };
    if (this.busy) return;
    this.busy = true;
    while (this.wanted) {
      const now = this.wanted;
      const frames = await Promise.all(now.addresses.map((address) => this.fetched(address)));
      if (this.wanted === now) this.wanted = null;
      // Shown even when a slider has been dragged on meanwhile: something is to be seen on the way.
      this.on(now.update, frames);
    }
    this.busy = false;
  }

  async fetched(address) {
    try {
      const answer = await patient(address);
      return answer.ok ? this.decode(await answer.arrayBuffer()) : null;
    } catch {
      return null; // The line is down, which the socket says already.
    }
  }
}

// A server that has too much to do says when to come back: once is enough.
async function patient(address) {
  const answer = await fetch(address);
  if (answer.status !== 503) return answer;
  const seconds = Math.min(Number(answer.headers.get("Retry-After")) || 1, LONGEST_WAIT);
  await new Promise((resolve) => setTimeout(resolve, seconds * 1000));
  return fetch(address);
}
