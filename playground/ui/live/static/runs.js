// The two runs that are watched, the second of which is the twin: their lines to the server, and what each said last.

import { Connection } from "./connection.js";

// `past` is what a run was at the update looked back to.
const NONE = { run: null, name: "", connection: null, header: null, past: null, lost: false, refused: "" };

export class Runs {
  // `on` has what is asked of the page: asked() names the pictures to be sent, decode(buffer) reads a frame; and what is
  // told to it: frame(side, frame, ask), state(side).
  constructor(on) {
    Object.assign(this, { on, own: { ...NONE }, twin: { ...NONE } });
    this.both = [this.own, this.twin];
  }

  get lost() {
    return this.both.some(({ lost }) => lost);
  }

  // Whether it is another run than before.
  watch(side, run) {
    if (run === side.run) return false;
    side.connection?.close();
    Object.assign(side, { run, connection: null, past: null, lost: false, refused: "" });
    if (run === null) return true;
    side.connection = new Connection(side.base, run, this.on.asked(), {
      frame: (buffer, ask) => this.receive(side, buffer, ask),
      state: (kind, reason) => this.connected(side, kind, reason),
    });
    return true;
  }

  // Tells the server where it sends others than wanted.
  ask() {
    const asked = this.on.asked();
    for (const { connection } of this.both) if (connection && connection.pictures !== asked) connection.show(asked);
  }

  receive(side, buffer, ask) {
    const frame = this.on.decode(buffer);
    side.header = frame.header;
    if (side.connection) side.connection.after = frame.header.update;
    this.on.frame(side, frame, ask);
  }

  connected(side, kind, reason) {
    side.lost = kind === "lost";
    side.refused = kind === "refused" ? reason : "";
    this.on.state(side);
  }

  // Both as they are looked at, and how far they are by now.
  looked() {
    return this.both.map((side) => {
      const { past, header } = side;
      return past ? { ...side, header: { ...past, newest: (header ?? past).update } } : side;
    });
  }

  close() {
    for (const { connection } of this.both) connection?.close();
  }
}
