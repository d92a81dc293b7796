/** Reads a JSON file until its standard input ends, then says how often and how often it was broken. */

const [path] = Deno.args as [string];
let ended = false;
const input = (async () => {
  for await (const _ of Deno.stdin.readable);
  ended = true;
})();
let reads = 0;
let broken = 0;
console.log("ready");
while (!ended) {
  for (let round = 0; round < 50; round++, reads++) {
    try {
      JSON.parse(Deno.readTextFileSync(path));
    } catch {
      broken++;
    }
  }
  await new Promise((resolve) => setTimeout(resolve, 0)); // Lets the end of the input be seen.
}
await input;
console.log(JSON.stringify({ reads, broken }));
