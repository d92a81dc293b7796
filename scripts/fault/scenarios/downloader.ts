import { basename, join } from "@std/path";
import { FaultyReleases, sha256Of } from "../faulty_releases.ts";
import type { HaleProcess } from "../hale_process.ts";
import { HomeWatch } from "../home_watch.ts";
import { type Episode, pause, playEpisodes } from "../lanes.ts";
import type { FaultRun, Scenario } from "../scenario.ts";
import { Stage } from "../stage.ts";

/** Two projects with the same cache. */
const PROJECTS = ["one", "two"] as const;

/** Statuses of a download that was cut or had wrong bytes, besides those of all commands. */
const REFUSED = [0, 1, 4, 5, 6, 10];

/** Downloads are killed, two at a time, from a server that cuts connections and sends wrong bytes. */
export const downloader: Scenario = {
  name: "downloader",
  faults: "SIGKILL to `hale fetch` and `hale up`, two at once, with cut and wrong answers",
  needs: [],
  share: 1_200,
  rounds: null,
  run: (run) => playEpisodes(run, { lanes: 6, amount: 40 }, (episode) => play(run, episode)),
};

async function play(run: FaultRun, { amount, random }: Episode): Promise<void> {
  await using releases = new FaultyReleases(random);
  await using stage = await Stage.open(run);
  const ledger = join(stage.root, "ran");
  await Deno.mkdir(join(stage.home, "cache"), { recursive: true, mode: 0o700 });
  await Deno.chmod(stage.home, 0o700);
  using watch = new HomeWatch(stage.home);
  for (let kills = 0, version = 1; kills < amount && !run.signal.aborted; version++) {
    const name = `1.${version}`;
    await releases.publish(name, ledger);
    for (const project of PROJECTS) await stage.project(project, { tool: releases.service(name) });
    releases.isHonest = false;
    for (let left = Math.ceil(random.between(0, 8)); left > 0 && kills < amount; left--) {
      const commands = PROJECTS.slice(0, random.pick([1, 2])).map((project) =>
        stage.start(project, random.pick([["fetch"], ["fetch"], ["up"], ["cache", "prune"]]))
      );
      if (random.chance(0.5)) await pause(random.between(0, 400));
      else await watch.next(/\/cache\//, 400);
      if (random.chance(0.5)) await pause(random.between(0, 30));
      for (const command of commands) {
        if (random.chance(0.15) || !kill(run, command)) continue;
        kills++;
      }
      for (const { result } of commands) await judgeDownload(stage, result);
      await judgeCache(stage, releases);
    }
    await finish(stage, releases, { version: name, starts: random.chance(0.2) });
    judgeLedger(stage, ledger);
  }
  await stage.ok("one", "cache", "verify");
  await stage.healthy("one");
  await stage.endOrderly(PROJECTS);
  judgeLedger(stage, ledger);
}

function kill(run: FaultRun, command: HaleProcess): boolean {
  if (!command.signal("SIGKILL")) return false;
  run.tally.add("kills");
  return true;
}

async function judgeDownload(stage: Stage, result: HaleProcess["result"]): Promise<void> {
  const { line, code, stderr } = await result;
  if (code === null || REFUSED.includes(code)) return;
  stage.bad("wrong", `${line} ended with ${code}: ${stderr}`);
}

/** Whatever the cache shows as installed has the bytes of its release. */
async function judgeCache(stage: Stage, releases: FaultyReleases): Promise<void> {
  for (const { path, version } of installedFiles(join(stage.home, "cache"))) {
    let bytes;
    try {
      bytes = await Deno.readFile(path);
    } catch (error) {
      // A command that still runs has removed it.
      if (error instanceof Deno.errors.NotFound) continue;
      throw error;
    }
    stage.run.tally.add("acknowledged");
    if (await sha256Of(bytes) !== releases.sha256(version)) {
      stage.bad("wrong", `${path} has ${bytes.length} bytes, which are not those of the release`);
    }
  }
}

/** Executables below `cache/NAME/VERSION/TARGET/HASH`. */
function installedFiles(cache: string): { path: string; version: string }[] {
  const foldersIn = (folder: string) => {
    try {
      return [...Deno.readDirSync(folder)].filter((it) =>
        it.isDirectory && !it.name.startsWith(".")
      )
        .map(({ name }) => join(folder, name));
    } catch (error) {
      if (error instanceof Deno.errors.NotFound) return [];
      throw error;
    }
  };
  return foldersIn(cache).flatMap(foldersIn).flatMap((release) =>
    foldersIn(release).flatMap(foldersIn).map((folder) => ({
      path: join(folder, "tool"),
      version: basename(release),
    }))
  );
}

/** With a server that is honest again, one command makes everything right. */
async function finish(
  stage: Stage,
  releases: FaultyReleases,
  { version, starts }: { version: string; starts: boolean },
): Promise<void> {
  releases.isHonest = true;
  for (const project of PROJECTS) await stage.ok(project, starts ? "up" : "fetch");
  const { stdout } = await stage.ok("one", "resolve", "tool");
  const bytes = await Deno.readFile(stdout.trim());
  stage.run.tally.add("acknowledged");
  if (await sha256Of(bytes) !== releases.sha256(version)) {
    stage.bad("wrong", `${stdout.trim()} is not release ${version}`);
  }
  if (starts) { for (const project of PROJECTS) await stage.ok(project, "down"); }
}

/** Wrong bytes have never been run, not even their beginning. */
function judgeLedger(stage: Stage, ledger: string): void {
  let text = "";
  try {
    text = Deno.readTextFileSync(ledger);
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
  const evil = text.split("\n").filter((line) => line.startsWith("evil"));
  if (evil.length > 0) stage.bad("wrong", `bytes that were not verified ran: ${evil.join(", ")}`);
}
