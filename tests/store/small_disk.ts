/** A small disk of its own, in memory. Disposing of it takes it away. */
export class SmallDisk implements Disposable {
  readonly path: string;

  private constructor(path: string) {
    this.path = path;
  }

  /**
   * Mounts one.
   *
   * @param size As `mount` takes it, such as `300k`.
   * @returns The disk; null where this machine or this user cannot, which is said.
   */
  static mount(size: string): SmallDisk | null {
    if (Deno.build.os !== "linux" || Deno.uid() !== 0) {
      console.log("skipped: mounting a disk in memory needs Linux and root");
      return null;
    }
    const path = Deno.makeTempDirSync({ prefix: "hale-disk-" });
    const args = ["-t", "tmpfs", "-o", `size=${size},mode=0700`, "none", path];
    const { success, stderr } = new Deno.Command("mount", { args }).outputSync();
    if (success) return new SmallDisk(path);
    console.log(`skipped: ${new TextDecoder().decode(stderr).trim()}`);
    Deno.removeSync(path);
    return null;
  }

  /** Leaves no byte of it. */
  fill(): void {
    using file = Deno.openSync(`${this.path}/filling`, { append: true, create: true });
    for (const size of [65_536, 4_096, 1]) {
      try {
        for (;;) file.writeSync(new Uint8Array(size));
      } catch (error) {
        if (!/os error 28/.test(String(error))) throw error;
      }
    }
  }

  /** Gives back what {@linkcode SmallDisk.fill} took. */
  free(): void {
    Deno.removeSync(`${this.path}/filling`);
  }

  /** Lets nobody write to it, or everybody again. */
  remount(how: "ro" | "rw"): void {
    run("mount", ["-o", `remount,${how}`, this.path]);
  }

  [Symbol.dispose](): void {
    // Lazily: a sync that nobody waited for may have a file open yet.
    run("umount", ["-l", this.path]);
    Deno.removeSync(this.path);
  }
}

function run(command: string, args: string[]): void {
  const { success, stderr } = new Deno.Command(command, { args }).outputSync();
  if (!success) throw new Error(new TextDecoder().decode(stderr));
}
