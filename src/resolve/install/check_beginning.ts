import type { HaleError } from "../../errors.ts";
import type { Packing } from "../../model/packing.ts";
import { downloadFailed } from "../download/download_failed.ts";
import { notAProgram, PROGRAM_HEAD_BYTES } from "../executable/program_format.ts";

/**
 * Checks that an artifact without any checksum begins like what it has to be: a program, or a packed
 * file. Nothing else distinguishes an error page with status 200 from the release.
 *
 * @param url Where it comes from.
 * @param head Its first {@linkcode PROGRAM_HEAD_BYTES} bytes.
 * @param packing How it is packed.
 * @throws {HaleError} `download_failed` If it begins like something else.
 */
export function checkBeginning(url: string, head: Uint8Array, packing: Packing): void {
  const what = notAProgram(head);
  if (packing === "plain") {
    if (what !== null) throw notTheRelease(url, `the file does not begin like a program: ${what}`);
    return;
  }
  const magic = packing === "zip" ? ZIP : GZIP;
  if (magic.every((byte, index) => head[index] === byte)) return;
  const format = packing === "zip" ? "zip" : "gzip";
  throw notTheRelease(url, `the file is not a ${format} file: ${what ?? "it is a program"}`);
}

const ZIP = [0x50, 0x4b];
const GZIP = [0x1f, 0x8b];

/**
 * Checks the unpacked executable of an artifact without any checksum.
 *
 * @param url Where the artifact comes from.
 * @param path The executable.
 * @param name Its name in the artifact; null if it is the artifact.
 * @throws {HaleError} `download_failed` If it does not begin like a program.
 */
export async function checkProgram(url: string, path: string, name: string | null): Promise<void> {
  const what = notAProgram(await headOf(path));
  if (what === null) return;
  const subject = name === null ? "the file" : `its member ${name}`;
  throw notTheRelease(url, `${subject} does not begin like a program: ${what}`);
}

/**
 * Reads the beginning of a file.
 *
 * @param path The file.
 * @returns Its first {@linkcode PROGRAM_HEAD_BYTES} bytes, or all of a shorter file.
 */
export async function headOf(path: string): Promise<Uint8Array> {
  using file = await Deno.open(path);
  const head = new Uint8Array(PROGRAM_HEAD_BYTES);
  let length = 0;
  for (let read: number | null = 0; read !== null && length < head.length; length += read ?? 0) {
    read = await file.read(head.subarray(length));
  }
  return head.subarray(0, length);
}

function notTheRelease(url: string, reason: string): HaleError {
  return downloadFailed(url, reason, {
    advice:
      'Nothing was installed. Without a checksum (`checksums = "none"`), the beginning of the ' +
      "file is all that hale can check. Open the URL in a browser, then correct `release.asset` or " +
      "the releases endpoint.",
  });
}
