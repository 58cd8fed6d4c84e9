// What happens in the service, as it happens; and whether we still hear of it.

const KINDS = ["cycle.started", "cycle.progress", "cycle.finished", "data.updated", "reset"];
const FIRST_WAIT_MS = 2_000, LONGEST_WAIT_MS = 60_000;

export class Live extends EventTarget {
  #source = null;
  #wait = FIRST_WAIT_MS;
  #timer = null;
  #last = "";
  state = "connecting";

  start() {
    this.#source = new EventSource(`/api/v1/events${this.#last ? `?last_event_id=${this.#last}` : ""}`);
    this.#source.onopen = () => {
      this.#wait = FIRST_WAIT_MS;
      this.#become("live");
    };
    this.#source.onerror = () => {
      this.#become("lost");
      // A browser comes back by itself unless it was refused; then we ask again, less and less often.
      if (this.#source.readyState === EventSource.CLOSED) this.#later();
    };
    for (const kind of KINDS) this.#source.addEventListener(kind, (event) => this.#heard(kind, event));
  }

  /** Try to be heard of now. */
  again() {
    clearTimeout(this.#timer);
    this.#source.close();
    this.start();
  }

  #heard(kind, event) {
    this.#last = event.lastEventId;
    let data = {};
    try {
      data = JSON.parse(event.data);
    } catch {
      return; // not an event of ours
    }
    this.dispatchEvent(new CustomEvent(kind, { detail: data }));
  }

  #later() {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.again(), this.#wait);
    this.#wait = Math.min(LONGEST_WAIT_MS, this.#wait * 2);
  }

  #become(state) {
    if (state === this.state) return;
    const before = this.state;
    this.state = state;
    this.dispatchEvent(new CustomEvent("state", { detail: { state, before } }));
  }
}
