/**
 * Messages that no test makes appear, each with the reason. A value is written `{}`.
 *
 * A message that a test expects may not be here, and neither may one that hale does not have.
 */
export const EXCEPTIONS: Readonly<Record<string, string>> = {
  "a bug in hale: {}": "a mistake of hale; a test that makes one would test the mistake",
  "the reader stopped early": "caught where it is thrown, and never printed",
  "the server sent another part, or another file": "caught by openRest(), and never printed",
  "correct --sha256": "the advice for a local file never has this remedy of its checksum",
  "its hard link {} points to a missing file": "ArchiveRules refuses such an archive before",
  "only {} of {} bytes arrived": "Deno reports a body that is shorter than its length before",
  "The supervisor was started and has not answered within {} seconds.":
    "only a supervisor that needs longer; a test would take that long",
  "Another command has been starting a supervisor of the home {} for {} seconds. It may be suspended: find it with `lsof {}` and continue or end it, then run this command again.":
    "only after half a minute; a test would take that long",
  "The supervisor (pid {}) did not stop {} within {}, which is more than the services may take. It goes on trying: see `hale status` and its log {}. If nothing changes, end it with `kill -9 {}` and run the command again.":
    "only a supervisor that answers all but the stop; one that answers nothing is tested",
  "start a supervisor": "only a home that a user may read but not write",
  "{}: lines are missing; rotation removed them before they were read":
    "only a log that grows faster than the command reads; the reading itself is tested",
  "Check the system's limits on processes and memory.": "only a machine without a free process",
  "remove old segments of the log": "only a folder in which a file may be made but not removed",
  "The filesystem has no free inodes: hale cannot create files.": "only such a filesystem",
  "Topic of the manual": "only shells that show summaries; the words are tested",
  "sync the audit log": "only a disk that fails between a write and its sync",
  "Move this folder out of the home.": "only a disk that fails during the third round of a repair",
  "What it writes since cannot be shown": "only where the system does not give a removed file",
  "{} could not be started": "Windows only",
  "process {} may not be sent {}":
    "only a service that became another user; a test as root may signal all",
};
