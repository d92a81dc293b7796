import { Output, type OutputOptions } from "../../src/cli/output/output.ts";

/** An {@linkcode Output} whose text can be read. */
export interface CapturedOutput {
  readonly output: Output;
  readonly stdout: () => string;
  readonly stderr: () => string;
}

/** Properties of the captured streams. */
export interface CaptureOptions extends Partial<OutputOptions> {
  readonly stderrIsTerminal?: boolean;
  readonly env?: Readonly<Record<string, string>>;
}

/**
 * Makes an output that writes to memory.
 *
 * @param options Flags, terminal and environment. @default no flags, no terminal
 * @returns The output, and the text written so far.
 */
export function captureOutput(options: CaptureOptions = {}): CapturedOutput {
  const { stderrIsTerminal = false, env = {}, ...flags } = options;
  const texts = { stdout: "", stderr: "" };
  const target = (name: keyof typeof texts, isTerminal: boolean) => ({
    isTerminal: () => isTerminal,
    writeSync(bytes: Uint8Array): number {
      texts[name] += new TextDecoder().decode(bytes);
      return bytes.length;
    },
  });
  const output = new Output({ quiet: false, verbose: false, noColor: false, ...flags }, {
    stdout: target("stdout", false),
    stderr: target("stderr", stderrIsTerminal),
    env: { get: (name) => env[name] },
  });
  return { output, stdout: () => texts.stdout, stderr: () => texts.stderr };
}
