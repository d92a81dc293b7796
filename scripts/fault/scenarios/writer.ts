import { fromFileUrl, join } from "@std/path";
import { verifyAudit } from "../../../src/audit/verify_audit.ts";
import { homePaths } from "../../../src/home/home_paths.ts";
import { type Episode, pause, playEpisodes } from "../lanes.ts";
import type { Random } from "../random.ts";
import { Broken, type FaultRun, type Scenario } from "../scenario.ts";
import type { Bad } from "../tally.ts";
import {
  ACKNOWLEDGED,
  type Acknowledged,
  compareAudit,
  compareRecords,
} from "../written_records.ts";

const WRITER = fromFileUrl(new URL("../store_writer.ts", import.meta.url));
const CONFIG = fromFileUrl(new URL("../../../deno.json", import.meta.url));

/** A writer that has said nothing for this long hangs, in milliseconds. */
const SILENT_MS = 60_000;

/** The process that writes events, transcripts, snapshots and the audit log is killed. */
export const writer: Scenario = {
  name: "writer",
  faults: "SIGKILL to a process that writes all kinds of records, read meanwhile",
  needs: [],
  share: 4_500,
  rounds: null,
  run: (run) => playEpisodes(run, { lanes: 4, amount: 50 }, (episode) => play(run, episode)),
};

async function play(run: FaultRun, { amount, random }: Episode): Promise<void> {
  const root = await Deno.makeTempDir({ prefix: "hale-fault-" });
  const home = join(root, "home");
  let isBroken = false;
  const report = (what: Bad, detail: string) => {
    isBroken = true;
    run.tally.bad(what, `${detail} [${root}]`);
  };
  const seen: Acknowledged = { event: 0, entry: 0, audit: 0, snapshot: 0, environment: 0 };
  const audited: number[] = [];
  try {
    Deno.mkdirSync(home, { mode: 0o700 });
    for (let kill = 0; kill < amount && !run.signal.aborted; kill++) {
      await writeAndKill(home, { run, random, seen, audited, report });
      await compareRecords(home, seen, report);
    }
    compareAudit(home, audited, report);
    await verifyAudit(homePaths(home).audit);
  } finally {
    if (!isBroken || !run.keep) await Deno.remove(root, { recursive: true });
  }
}

interface Writing {
  readonly run: FaultRun;
  readonly random: Random;
  /** Kept up to date. */
  readonly seen: Acknowledged;
  readonly audited: number[];
  readonly report: (what: Bad, detail: string) => void;
}

/** Kills a writer after some acknowledgements, or while it opens what the last one left. */
async function writeAndKill(home: string, writing: Writing): Promise<void> {
  const { run: { tally }, random, report } = writing;
  const child = new Deno.Command(Deno.execPath(), {
    args: ["run", "-q", "-A", "--no-check", "--config", CONFIG, WRITER, home],
    stdout: "piped",
  }).spawn();
  let isOver = false;
  child.status.then(() => isOver = true);
  const acknowledgements = new Acknowledgements(child.stdout, writing);
  if (random.chance(0.2)) {
    await pause(random.between(0, 120));
  } else {
    const wanted = Math.ceil(random.between(0, 80));
    const end = performance.now() + SILENT_MS;
    while (acknowledgements.count < wanted && !isOver) {
      await compareRecords(home, { ...writing.seen }, report);
      await pause(15);
      if (performance.now() < end) continue;
      report("hangs", `the writer ${child.pid} has said nothing for ${SILENT_MS / 1000} s`);
      break;
    }
  }
  if (isOver) {
    report("wrong", "the writer has ended by itself");
    throw new Broken();
  }
  child.kill("SIGKILL");
  tally.add("kills");
  await child.status;
  await acknowledgements.ended;
}

/** Reads what a writer acknowledges. */
class Acknowledgements {
  /** Number of lines. */
  count = 0;
  /** Settles when the writer has ended and all was read. */
  readonly ended: Promise<void>;
  readonly #writing: Writing;

  constructor(output: ReadableStream<Uint8Array<ArrayBuffer>>, writing: Writing) {
    this.#writing = writing;
    this.ended = this.#read(output);
  }

  async #read(output: ReadableStream<Uint8Array<ArrayBuffer>>): Promise<void> {
    let rest = "";
    for await (const text of output.pipeThrough(new TextDecoderStream())) {
      const lines = (rest + text).split("\n");
      rest = lines.pop()!;
      for (const line of lines) this.#take(line);
    }
  }

  #take(line: string): void {
    this.count++;
    const [what, text] = line.split(" ");
    const kind = ACKNOWLEDGED.find((it) => it === what);
    if (kind === undefined) return;
    const { seen, audited, run, report } = this.#writing;
    const number = Number(text);
    const isNew = kind === "snapshot" || kind === "environment"
      ? number >= seen[kind]
      : number > seen[kind];
    if (!isNew) report("doubled", `${kind} ${number} was acknowledged after ${seen[kind]}`);
    seen[kind] = number;
    if (kind === "audit") audited.push(number);
    run.tally.add("acknowledged");
  }
}
