import { assert, assertEquals } from "@std/assert";
import { fromFileUrl } from "@std/path";

/** A new pid namespace, with a `/proc` of its own. */
const NAMESPACE = ["--pid", "--fork", "--mount-proc"];

/** Whether this user may have a pid namespace, and decide which pid the next process gets in it. */
function mayReuse(): boolean {
  if (Deno.build.os !== "linux") return false;
  try {
    const script = "echo 100 >/proc/sys/kernel/ns_last_pid";
    const args = [...NAMESPACE, "/bin/sh", "-c", script];
    return new Deno.Command("unshare", { args, stderr: "null" }).outputSync().success;
  } catch {
    return false;
  }
}

const isIgnored = !mayReuse();
const why = isIgnored ? " (ignored: needs root and pid namespaces, to give a pid again)" : "";

Deno.test({
  name: `no signal reaches a stranger that was given the pid of what hale started${why}`,
  ignore: isIgnored,
  async fn() {
    const program = fromFileUrl(new URL("reused_pids.ts", import.meta.url));
    const config = fromFileUrl(new URL("../../deno.json", import.meta.url));
    const { stdout, stderr } = await new Deno.Command("unshare", {
      args: [...NAMESPACE, Deno.execPath(), "run", "-qA", "--config", config, program],
    }).output();
    const text = new TextDecoder().decode(stdout);
    assert(text !== "", new TextDecoder().decode(stderr));
    const { stop, run } = JSON.parse(text);
    assert(stop.reused > 0 && run.reused > 0, text);
    assertEquals([stop.running, run.running], [stop.reused, run.reused]);
  },
});
