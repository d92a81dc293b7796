import { assert, assertEquals } from "@std/assert";
import { join } from "@std/path";
import { ROOT } from "./documents.ts";

const text = await Deno.readTextFile(join(ROOT, "src/cli/manual/platforms.md"));

/** The first table: what works, and by which jobs it is run. */
const table = /^\| feature .*\| run by +\|\n\|[ |-]+\|\n((?:\|.*\n)+)/m.exec(text)![1]!;
const rows = table.trimEnd().split("\n").map((line) =>
  line.split("|").slice(1, -1).map((cell) => cell.trim())
);

/** The systems of each job of a workflow, by the names of GitHub's machines. */
async function jobsOf(workflow: string): Promise<ReadonlyMap<string, ReadonlySet<string>>> {
  const yaml = await Deno.readTextFile(join(ROOT, ".github/workflows", workflow));
  const jobs = yaml.slice(yaml.indexOf("\njobs:\n")).split(/^ {2}(?=[\w-]+:\n)/m).slice(1);
  return new Map(jobs.map((job) => [
    job.slice(0, job.indexOf(":")),
    new Set([...job.matchAll(/\b(ubuntu|macos|windows)-\d/g)].map(([, system]) => system!)),
  ]));
}

const SYSTEMS = ["ubuntu", "macos", "windows"];

/** The systems that a word such as `Linux` in the last column means. */
const LIMITS: Readonly<Record<string, readonly string[]>> = {
  "Linux": ["ubuntu"],
  "Unix": ["ubuntu", "macos"],
};

Deno.test("platforms.md says for each line by which job it is run, and that job exists", async () => {
  const ci = await jobsOf("ci.yml");
  const release = await jobsOf("release.yml");
  assert(rows.length > 10);
  const problems: string[] = [];
  for (const [feature, , , , runBy] of rows) {
    const [names = "", limit] = runBy!.split(": ") as [string, string?];
    const wanted = limit === undefined ? SYSTEMS : LIMITS[limit];
    for (const name of names.split(", ")) {
      const systems = ci.get(name) ?? release.get(name);
      if (systems === undefined) problems.push(`${feature}: there is no job ${name}`);
      else if (wanted === undefined) problems.push(`${feature}: unknown limit ${limit}`);
      else if (!wanted.every((system) => systems.has(system))) {
        problems.push(`${feature}: ${name} does not run on ${wanted.join(", ")}`);
      }
    }
  }
  assertEquals(problems, []);
});

Deno.test("platforms.md says where the jobs are that it names", () => {
  const names = new Set(rows.flatMap((row) => row[4]!.split(": ")[0]!.split(", ")));
  const below = text.slice(text.indexOf(table) + table.length);
  assertEquals([...names].filter((name) => !below.includes(`\`${name}\``)), []);
});
