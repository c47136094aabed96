/**
 * Runs one task at a time, in order, so that a server is never started while another one stops.
 * A task that is asked for again while it still waits runs once.
 */
export class Queue {
  private last: Promise<void> = Promise.resolve();
  private readonly waiting = new Map<string, Promise<void>>();

  /** Settles when the task has run; never rejects what was put in before or after it. */
  add(name: string, task: () => Promise<void>): Promise<void> {
    const pending = this.waiting.get(name);
    if (pending) return pending;
    const done = this.last.then(() => {
      this.waiting.delete(name);
      return task();
    });
    this.waiting.set(name, done);
    this.last = done.catch(() => undefined);
    return done;
  }
}
