import { type ProcessSurvey, surveyProcesses } from "../platform/mod.ts";

interface Waiting {
  readonly pidFiles: string[];
  readonly survey: Promise<ProcessSurvey>;
}

let running: Promise<unknown> = Promise.resolve();
let next: Waiting | null = null;

/**
 * Reads the process table and the marks of launches. All calls that are made while a read is running
 * share the next one: fifty services that end together need two reads, not fifty.
 *
 * @param pidFile The pid file of the launch that is looked for.
 * @returns The processes, read after the call.
 */
export function lookAtProcesses(pidFile: string): Promise<ProcessSurvey> {
  if (next === null) {
    const pidFiles: string[] = [];
    const survey = running.then(() => {
      next = null;
      return surveyProcesses(pidFiles);
    });
    running = survey.catch(() => {});
    next = { pidFiles, survey };
  }
  next.pidFiles.push(pidFile);
  return next.survey;
}
