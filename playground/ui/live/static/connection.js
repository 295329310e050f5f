// The WebSocket of one run. Comes back by itself with the last update it saw, so that nothing is lost and nothing flashes.

const REFUSED = [4403, 4404, 4429];
const FIRST_WAIT = 250;
const LONGEST_WAIT = 5000;

export class Connection {
  // `on.frame(buffer, ask)` gets each frame, and calls `ask` when it is ready for more: the server waits for that.
  constructor(base, run, pictures, on) {
    this.address = `${location.origin.replace(/^http/, "ws")}${base}/live/${encodeURIComponent(run)}`;
    this.pictures = pictures;
    this.on = on;
    this.after = -1;
    this.wait = FIRST_WAIT;
    this.comeBack = () => this.socket === null && this.open();
    addEventListener("online", this.comeBack);
    this.open();
  }

  // Other pictures, with all that there is of them: those on the page stay until it comes.
  show(pictures) {
    const old = this.socket;
    Object.assign(this, { pictures, after: -1, wait: FIRST_WAIT });
    this.open();
    // Not before the new one is there: the server lets go of a run that nobody watches.
    for (const event of ["open", "close"]) this.socket.addEventListener(event, () => old?.close());
  }

  open() {
    clearTimeout(this.timer);
    const socket = new WebSocket(`${this.address}?after=${this.after}&show=${this.pictures}`);
    this.socket = socket;
    socket.binaryType = "arraybuffer";
    socket.onmessage = ({ data }) => {
      if (this.socket !== socket) return;
      this.wait = FIRST_WAIT;
      this.on.state("open", "");
      this.on.frame(data, () => socket.readyState === WebSocket.OPEN && socket.send(""));
    };
    socket.onclose = ({ code, reason }) => {
      if (this.socket !== socket) return;
      this.socket = null;
      if (REFUSED.includes(code)) {
        this.on.state("refused", reason);
        return;
      }
      this.on.state("lost", "");
      // Spread out, so that a class does not come back in one instant after a restart.
      this.timer = setTimeout(() => this.open(), this.wait * (0.75 + Math.random() / 2));
      this.wait = Math.min(this.wait * 1.7, LONGEST_WAIT);
    };
  }

  close() {
    removeEventListener("online", this.comeBack);
    clearTimeout(this.timer);
    const socket = this.socket;
    this.socket = null;
    socket?.close();
  }
}
