/** What must be zero. */
export const BAD = ["lost", "doubled", "strangers", "wrong", "hangs"] as const;

/** A kind of result that must not occur. */
export type Bad = typeof BAD[number];

/** What was done. */
export interface Counts {
  /** Everything that was done to hale: kills, freezes, full disks, reused pids and so on. */
  faults: number;
  /** SIGKILL to a process of hale. */
  kills: number;
  /** Records, lines and files that hale had acknowledged and that were compared afterwards. */
  acknowledged: number;
}

/** Results of a scenario. */
export interface TallyData extends Counts, Record<Bad, number> {
  /** One line for each bad result, up to {@linkcode SHOWN}. */
  readonly details: readonly string[];
}

/** Bad results that are described; the others are only counted. */
const SHOWN = 50;

/** Counts what a scenario did and what was wrong. */
export class Tally {
  readonly #counts: Record<Bad | keyof Counts, number> = {
    ...{ faults: 0, kills: 0, acknowledged: 0 },
    ...{ lost: 0, doubled: 0, strangers: 0, wrong: 0, hangs: 0 },
  };
  readonly #details: string[] = [];
  readonly #report: (line: string) => void;

  /** @param report Prints bad results at once. */
  constructor(report: (line: string) => void = () => {}) {
    this.#report = report;
  }

  /** Counts faults. A kill is a fault, too. */
  add(what: keyof Counts, count = 1): void {
    this.#counts[what] += count;
    if (what === "kills") this.#counts.faults += count;
  }

  /** Number of results of a kind so far. */
  count(what: Bad | keyof Counts): number {
    return this.#counts[what];
  }

  /** Counts a bad result. */
  bad(what: Bad, detail: string): void {
    this.#counts[what]++;
    this.#report(`${what}: ${detail}`);
    if (this.#details.length < SHOWN) this.#details.push(`${what}: ${detail}`);
  }

  /** Whether nothing bad has happened. */
  get isClean(): boolean {
    return BAD.every((what) => this.#counts[what] === 0);
  }

  /** Adds the results of a scenario that ran in another process. */
  addAll(data: TallyData): void {
    for (const what of Object.keys(this.#counts) as (Bad | keyof Counts)[]) {
      this.#counts[what] += data[what];
    }
    this.#details.push(...data.details);
  }

  /** The results, as JSON can carry them. */
  toJSON(): TallyData {
    return { ...this.#counts, details: [...this.#details] };
  }
}
