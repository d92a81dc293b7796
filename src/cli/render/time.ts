/**
 * Renders the time of a record in the local time zone.
 *
 * @param at The time in ISO 8601.
 * @returns For example `2026-11-21 10:11:12.345`.
 */
export function renderTime(at: string): string {
  const time = new Date(at);
  const two = (value: number) => String(value).padStart(2, "0");
  const date = `${time.getFullYear()}-${two(time.getMonth() + 1)}-${two(time.getDate())}`;
  const clock = [time.getHours(), time.getMinutes(), time.getSeconds()].map(two).join(":");
  return `${date} ${clock}.${String(time.getMilliseconds()).padStart(3, "0")}`;
}
