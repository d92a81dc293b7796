/** Reads a JSON file until standard input ends, then prints the numbers of all and of broken reads. */

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
  await new Promise((resolve) => setTimeout(resolve, 0)); // Lets the end of the input be noticed.
}
await input;
console.log(JSON.stringify({ reads, broken }));
