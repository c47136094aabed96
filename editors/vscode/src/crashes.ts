/** How often a server may die within `minutes` before it is left alone. */
export class CrashCount {
  private times: number[] = [];

  constructor(
    private readonly limit = 5,
    private readonly minutes = 3,
  ) {}

  /** Counts a crash at `now` milliseconds, and says whether starting again still makes sense. */
  mayRestartAfter(now: number): boolean {
    const since = now - this.minutes * 60_000;
    this.times = [...this.times.filter((time) => time > since), now];
    return this.times.length < this.limit;
  }

  clear(): void {
    this.times = [];
  }
}
