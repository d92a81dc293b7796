import { hostTarget } from "../../src/platform/mod.ts";

/** A small file system in memory. Disposing of it unmounts it. */
export class SmallDisk implements Disposable {
  readonly path: string;

  private constructor(path: string) {
    this.path = path;
  }

  /**
   * Mounts the file system.
   *
   * @param size In the format of `mount`, such as `300k`.
   * @param at Path of the folder to make for it. @default a new one
   * @returns The file system; null with a warning if this machine or user cannot mount one.
   */
  static mount(size: string, at?: string): SmallDisk | null {
    if (hostTarget().os !== "linux" || Deno.uid() !== 0) {
      console.log("skipped: mounting a disk in memory needs Linux and root");
      return null;
    }
    const path = at ?? Deno.makeTempDirSync({ prefix: "hale-disk-" });
    if (at !== undefined) Deno.mkdirSync(at, { mode: 0o700 });
    const args = ["-t", "tmpfs", "-o", `size=${size},mode=0700`, "none", path];
    const { success, stderr } = new Deno.Command("mount", { args }).outputSync();
    if (success) return new SmallDisk(path);
    console.log(`skipped: ${new TextDecoder().decode(stderr).trim()}`);
    Deno.removeSync(path);
    return null;
  }

  /** Fills it to the last byte. */
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

  /** Frees the space that {@linkcode SmallDisk.fill} took. */
  free(): void {
    Deno.removeSync(`${this.path}/filling`);
  }

  /** Whether not one more byte can be written. */
  get isFull(): boolean {
    const probe = `${this.path}/probe`;
    try {
      Deno.writeFileSync(probe, new Uint8Array(1));
      Deno.removeSync(probe);
      return false;
    } catch {
      return true;
    }
  }

  /**
   * Makes it read-only for what is opened from now on: services have their logs open for writing.
   *
   * @returns Makes it writable again when it is disposed of.
   */
  readOnly(): Disposable {
    run("mount", ["--bind", this.path, this.path]);
    run("mount", ["-o", "remount,bind,ro", this.path]);
    return { [Symbol.dispose]: () => run("umount", [this.path]) };
  }

  /** Remounts it read-only or writable. */
  remount(how: "ro" | "rw"): void {
    // A file that is open for writing prevents `ro` for the moment.
    for (let attempt = 0;; attempt++) {
      try {
        run("mount", ["-o", `remount,${how}`, this.path]);
        return;
      } catch (error) {
        if (attempt === 1_000) throw error;
      }
    }
  }

  [Symbol.dispose](): void {
    // Lazily, because a background sync may still have a file open.
    run("umount", ["-l", this.path]);
    Deno.removeSync(this.path);
  }
}

function run(command: string, args: string[]): void {
  const { success, stderr } = new Deno.Command(command, { args }).outputSync();
  if (!success) throw new Error(new TextDecoder().decode(stderr));
}
