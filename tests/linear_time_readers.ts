import { maskSecrets } from "../src/audit/mask_secrets.ts";
import { parseAuditLine } from "../src/audit/audit_line.ts";
import { isSecretName } from "../src/audit/secret_name.ts";
import { parseEndpoint } from "../src/config/build/endpoint.ts";
import { parseEnvFile } from "../src/config/parse_env_file.ts";
import { parseToml } from "../src/config/toml/toml.ts";
import { storeIo } from "../src/files/io_error.ts";
import { leadingTime } from "../src/logs/read/leading_time.ts";
import { parseLsof, parsePs } from "../src/platform/processes/darwin_processes.ts";
import { parseSurvey as parseDarwinSurvey } from "../src/platform/processes/darwin_survey.ts";
import { parseSocketHolders, parseStats } from "../src/platform/processes/linux_processes.ts";
import { parseSurvey } from "../src/platform/processes/linux_survey.ts";
import { parsePids, parseProcessCsv } from "../src/platform/processes/windows_processes.ts";
import { parseReleaseRule, ruleAllows } from "../src/policy/release_rule.ts";
import { memberPath } from "../src/resolve/archive/member_path.ts";
import { readPaxRecords } from "../src/resolve/archive/tar_header.ts";
import { pathSegment } from "../src/resolve/cache/cache_entry.ts";
import { parseContentLength } from "../src/resolve/download/content_length.ts";
import { parseContentRange } from "../src/resolve/download/content_range.ts";
import { looksLikeHtml } from "../src/resolve/download/html_page.ts";
import { redirectTarget } from "../src/resolve/download/open_url.ts";
import { retryAfter } from "../src/resolve/download/retry_after.ts";
import { notAProgram } from "../src/resolve/executable/program_format.ts";
import { findChecksum } from "../src/resolve/release/find_checksum.ts";
import { parseLockfile } from "../src/resolve/release/lockfile.ts";
import { parseCursor } from "../src/store/events/event_cursor.ts";
import { parseResponse } from "../src/supervise/api/loopback_get.ts";
import { foregroundHint } from "../src/supervise/exit/background_error.ts";
import { redactUrl, shownUrl } from "../src/text/redact_url.ts";
import { isVersion } from "../src/text/release_version.ts";
import { stripAnsi } from "../src/text/strip_ansi.ts";
import { expandTemplate } from "../src/text/template.ts";

const encode = (text: string) => new TextEncoder().encode(text);

/** Everything in `src` that reads text from outside with a pattern or a scanner of its own. */
export const READERS: Readonly<Record<string, (text: string) => unknown>> = {
  expandTemplate: (text) => expandTemplate(text, () => ""),
  findChecksum: (text) => findChecksum(text, "tool"),
  foregroundHint: (text) => foregroundHint("/bin/x", [text], [text]),
  isSecretName,
  isVersion,
  leadingTime,
  looksLikeHtml,
  maskSecrets: (text) => maskSecrets([text, "x", text]),
  memberPath: (text) => memberPath(text, "windows"),
  notAProgram: (text) => notAProgram(encode(text)),
  parseAuditLine,
  parseContentLength,
  parseContentRange,
  parseCursor: (text) => parseCursor(text, "x"),
  parseDarwinSurvey,
  parseEndpoint,
  parseEnvFile: (text) => parseEnvFile(text, ".env"),
  parseLockfile: (text) => parseLockfile(text, "hale.lock"),
  parseLsof,
  parsePids,
  parseProcessCsv,
  parsePs,
  parseReleaseRule,
  parseResponse: (text) => parseResponse(encode(`HTTP/1.1 200 OK\r\n${text}`)),
  parseSocketHolders: (text) => parseSocketHolders(text, ["1"]),
  parseStats,
  parseSurvey,
  parseToml,
  pathSegment,
  readPaxRecords: (text) => readPaxRecords(encode(text)),
  redactUrl,
  redirectTarget: (text) => redirectTarget(new URL("https://a.example"), text),
  retryAfter: (text) => retryAfter(text, 0),
  ruleAllows: (text) =>
    ruleAllows(
      { kind: "github", owner: "o", repository: "*a*a*a*a*a*b" },
      new URL(`https://github.com/o/${encodeURIComponent(text)}`),
    ),
  shownUrl: (text) => shownUrl(`https://a.example/${text}`),
  storeIo: (text) => storeIo("x", "/x", new Error(text)),
  stripAnsi,
};
