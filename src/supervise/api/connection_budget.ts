/** A connection whose request was not authenticated yet. */
interface Waiting {
  close(): void;
}

/** Connections without a valid token at a time. A command sends its request at once. */
const MAX_WAITING = 32;

/** Connections at a time. Each of a valid request belongs to a command of this user. */
const MAX_OPEN = 256;

/**
 * Bounds the connections of a server to which every user of the machine can connect: they must not use up
 * the file descriptors that the supervisor needs for services. A new connection displaces the
 * oldest one without a valid request.
 */
export class ConnectionBudget {
  readonly #waiting = new Set<Waiting>();
  #open = 0;

  /**
   * Counts a new connection, and closes another one if there are too many.
   *
   * @param connection The connection.
   * @returns False if it must be closed, because all others are of valid requests.
   */
  admit(connection: Waiting): boolean {
    const isFull = this.#open >= MAX_OPEN || this.#waiting.size >= MAX_WAITING;
    const [oldest] = this.#waiting;
    if (isFull && oldest === undefined) return false;
    if (isFull && oldest !== undefined) {
      this.#waiting.delete(oldest);
      oldest.close();
    }
    this.#open++;
    this.#waiting.add(connection);
    return true;
  }

  /** Called when the request of a connection is valid: it is not displaced any more. */
  authenticated(connection: Waiting): void {
    this.#waiting.delete(connection);
  }

  /** Called when a connection that was admitted is closed. */
  closed(connection: Waiting): void {
    this.#waiting.delete(connection);
    this.#open--;
  }
}
