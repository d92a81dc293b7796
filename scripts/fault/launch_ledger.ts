import { join } from "@std/path";

/** A ledger in which services write each launch themselves, so that hale can be compared with it. */
export class LaunchLedger {
  readonly #folder: string;

  /** @param folder An existing folder. */
  constructor(folder: string) {
    this.#folder = join(folder, "ledger");
    Deno.mkdirSync(this.#folder);
  }

  /**
   * Shell text with which a service begins. It writes the id of its launch, and takes a lock that each
   * process of the launch inherits: a launch that finds it taken runs beside a process of an earlier launch.
   *
   * @param service The service, unique on the stage.
   */
  opening(service: string): string {
    const path = (name: string) => `'${join(this.#folder, `${service}.${name}`)}'`;
    return `exec 9>>${path("lock")}; flock -n 9 || echo "$HALE_LAUNCH" >>${path("twice")}; ` +
      `echo "$HALE_LAUNCH" >>${path("runs")}; `;
  }

  /** Ids of the launches of a service, as it wrote them. */
  launches(service: string): string[] {
    return this.#lines(`${service}.runs`);
  }

  /** Ids of the launches that ran beside a process of an earlier one. */
  overlaps(service: string): string[] {
    return this.#lines(`${service}.twice`);
  }

  #lines(name: string): string[] {
    try {
      return Deno.readTextFileSync(join(this.#folder, name)).split("\n").filter((it) => it !== "");
    } catch (error) {
      if (error instanceof Deno.errors.NotFound) return [];
      throw error;
    }
  }
}
