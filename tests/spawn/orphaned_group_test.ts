import { assertEquals } from "@std/assert";
import { orphanedGroup } from "../../src/spawn/orphaned_group.ts";
import { ScriptLaunch } from "../fixtures/script_launch.ts";
import { TempFolder } from "../fixtures/temp_folder.ts";
import { linuxTest } from "../fixtures/unix_test.ts";
import { until } from "../fixtures/until.ts";
import { alive } from "../fixtures/script_launch.ts";

const env = { HALE_LAUNCH: "l1" };

linuxTest("orphanedGroup() finds a member with the launch's id in its environment", async () => {
  using folder = new TempFolder();
  await using parent = new ScriptLaunch(folder, 'sleep 60 & echo "$!"', { env });
  const leader = await parent.identity();
  const [member] = await parent.pids(1);
  await parent.exited;
  assertEquals(await orphanedGroup(leader, "HALE_LAUNCH=l1"), true);
  assertEquals(await orphanedGroup(leader, "HALE_LAUNCH=l2"), false);
  assertEquals(await orphanedGroup({ ...leader, boot_id: "another" }, "HALE_LAUNCH=l1"), false);
  Deno.kill(member!, "SIGKILL");
  await until(async () => (await alive([member!])).length === 0);
  assertEquals(await orphanedGroup(leader, "HALE_LAUNCH=l1"), false);
});

linuxTest("orphanedGroup() ignores the group of another leader", async () => {
  using folder = new TempFolder();
  await using other = new ScriptLaunch(folder, "sleep 60 & wait", { env });
  const recorded = { ...await other.identity(), start_time: "1" };
  assertEquals(await orphanedGroup(recorded, "HALE_LAUNCH=l1"), false);
});
