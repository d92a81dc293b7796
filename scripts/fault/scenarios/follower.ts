import type { HaleProcess } from "../hale_process.ts";
import { type Episode, pause, playEpisodes } from "../lanes.ts";
import type { FaultRun, Scenario } from "../scenario.ts";
import { Stage } from "../stage.ts";

/**
 * Writes numbered lines, and opens its log again when hale has renamed it: so no rotation loses a line
 * (see `hale help logs`). It writes in bursts, as programs do.
 */
const TALKER = `trap 'exec >>"$HALE_STDOUT"' HUP
n=0
while :; do
  i=0
  while [ $i -lt 15 ]; do
    i=$((i + 1)); n=$((n + 1))
    echo "line $n ${".".repeat(80)}"
  done
  sleep 0.1
done`;

/** More lines than are written between two followers. */
const OVERLAP = "20000";

/** Those that follow logs and events are killed and go on where they were, while both rotate. */
export const follower: Scenario = {
  name: "follower",
  faults:
    "SIGKILL to `hale logs -f` and `hale events -f`, which then continue, and to the supervisor",
  needs: ["linux"],
  share: 1_800,
  rounds: null,
  run: (run) => playEpisodes(run, { lanes: 3, amount: 40 }, (episode) => play(run, episode)),
};

async function play(run: FaultRun, { amount, random }: Episode): Promise<void> {
  await using stage = await Stage.open(run);
  const store = { events: { max_size: "8MiB", segment: "128KiB" } };
  await stage.project("app", {
    talker: {
      command: "sh",
      args: ["-c", TALKER],
      logs: { max_size: "16KiB", keep: 200, reopen_signal: "SIGHUP" },
    },
    flash: {
      command: "false",
      restart: { policy: "always", max: 1_000_000, delay: "1ms", max_delay: "100ms" },
    },
  }, { store });
  await stage.ok("app", "up", "talker");
  await stage.command("app", "up", "flash", "--timeout", "100ms");
  const lines = new LineReader(stage);
  const events = new EventReader(stage);
  for (let kills = 0; kills < amount && !run.signal.aborted;) {
    const readers = random.pick([[lines], [events], [lines, events]]);
    const followers = readers.map((reader) => ({
      reader,
      process: reader.start(random.chance(0.8)),
    }));
    if (random.chance(0.7)) {
      const [first] = followers;
      await stage.until(
        `${first!.process.line} shows something`,
        () => first!.process.isOver || first!.process.stdout !== "",
      );
    }
    await pause(random.between(0, 500));
    if (random.chance(0.15)) {
      const pid = stage.supervisor();
      if (pid !== null && await stage.killSupervisor(pid)) kills++;
      await stage.command("app", "status");
      await pause(random.between(0, 500));
    }
    for (const { reader, process } of followers) {
      if (process.signal("SIGKILL")) {
        run.tally.add("kills");
        kills++;
      }
      await process.result;
      reader.take(process);
    }
  }
  await stage.endOrderly(["app"]);
}

/** Reads the log of the talker, each time from some lines before the last one. */
class LineReader {
  readonly #stage: Stage;
  #last = 0;

  constructor(stage: Stage) {
    this.#stage = stage;
  }

  start(follows: boolean): HaleProcess {
    const args = ["logs", "talker", "--stdout", "-n", OVERLAP, ...(follows ? ["-f"] : [])];
    return this.#stage.start("app", args, follows ? { boundMs: Infinity } : {});
  }

  /** Each line follows the one before. */
  take({ stdout, line }: HaleProcess): void {
    const numbers = wholeLines(stdout).map((text) => Number(/^line (\d+) /.exec(text)?.[1] ?? NaN));
    let before: number | null = null;
    for (const number of numbers) {
      const expected: number = before === null ? Math.min(number, this.#last + 1) : before + 1;
      if (number !== expected) {
        const what = number > expected || Number.isNaN(number) ? "lost" : "doubled";
        const detail = `${line}: line ${number} follows ${before ?? this.#last}`;
        throw this.#stage.broken(what, detail);
      }
      before = number;
      this.#stage.run.tally.add("acknowledged");
    }
    this.#last = Math.max(this.#last, before ?? 0);
  }
}

/** Reads the events, each time after the last one that it has printed. */
class EventReader {
  readonly #stage: Stage;
  /** Cursors of a runtime begin with 1. */
  #cursor = "app:1";
  #last = 0;

  constructor(stage: Stage) {
    this.#stage = stage;
  }

  start(follows: boolean): HaleProcess {
    const args = ["events", "--json", "--limit", "1000", "--after", this.#cursor];
    if (!follows) return this.#stage.start("app", args);
    return this.#stage.start("app", [...args, "--follow"], { boundMs: Infinity });
  }

  /** Each event follows the one before. */
  take({ stdout, stderr, line }: HaleProcess): void {
    if (/^error:/m.test(stderr)) throw this.#stage.broken("wrong", `${line}: ${stderr}`);
    for (const text of wholeLines(stdout)) {
      const { id, cursor }: { id: number; cursor: string } = JSON.parse(text);
      if (id !== this.#last + 1) {
        const detail = `${line}: event ${id} follows ${this.#last}`;
        throw this.#stage.broken(id > this.#last ? "lost" : "doubled", detail);
      }
      this.#cursor = cursor;
      this.#last = id;
      this.#stage.run.tally.add("acknowledged");
    }
  }
}

/** The lines of an output that may have been cut by a kill. */
function wholeLines(text: string): string[] {
  return text.split("\n").slice(0, -1);
}
