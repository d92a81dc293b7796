import type { ProcessIdentity } from "../model/service_state.ts";
import { bootId } from "../platform/mod.ts";
import { findMembers, type LaunchMembers } from "./find_members.ts";
import { lookAtProcesses } from "./process_look.ts";

/** Descendants are remembered this long after the request, or up to twice as long. In milliseconds. */
const REMEMBER_MS = 500;

/** Finds the processes of one launch, and remembers those that it found. */
export class LaunchTrace {
  /** Id of the launch. */
  readonly id: string;
  /** The launch's process; null until it is known. */
  leader: ProcessIdentity | null;
  readonly #pidFile: string;
  readonly #seen = new Map<string, ProcessIdentity>();

  /**
   * @param id Id of the launch.
   * @param options Its pid file, and its process if it is known.
   */
  constructor(id: string, options: { pidFile: string; leader: ProcessIdentity | null }) {
    this.id = id;
    this.leader = options.leader;
    this.#pidFile = options.pidFile;
  }

  /**
   * Finds the running processes of the launch. They are recognized later too, even if they lose their
   * marks and their parent by then.
   *
   * @returns The processes, each with proof.
   * @throws If the process table cannot be read.
   */
  async find(): Promise<LaunchMembers> {
    const [boot, survey] = await Promise.all([bootId(), lookAtProcesses(this.#pidFile)]);
    const members = findMembers(survey, boot, {
      id: this.id,
      leader: this.leader,
      seen: this.#seen.values(),
    });
    this.#seen.clear();
    for (const { pid, startTime } of [...members.group, ...members.outside]) {
      this.#seen.set(`${pid} ${startTime}`, { pid, start_time: startTime, boot_id: boot });
    }
    return members;
  }

  /**
   * Remembers the descendants that the launch has in a moment. Launches that request this in the same
   * interval share one read of the process table. Nothing is read later.
   *
   * @param signal Cancels it.
   * @param onProblem Called with the error of a read that failed.
   */
  rememberSoon(signal: AbortSignal, onProblem: (error: unknown) => void): void {
    if (signal.aborted) return;
    const untilNextMs = REMEMBER_MS - performance.now() % REMEMBER_MS;
    const timer = setTimeout(() => {
      this.find().catch(onProblem);
    }, REMEMBER_MS + untilNextMs);
    signal.addEventListener("abort", () => clearTimeout(timer));
  }
}
