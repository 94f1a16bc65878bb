import type { Reminder } from "../api/types";
import { count } from "./words";

const HOUR = 60;
const DAY = 1_440;
const DATES: Record<Exclude<Reminder["anchor"], "at">, string> = {
  due: "it is due",
  start: "it starts",
  deadline: "its deadline",
};

/** "30 minutes before it is due", "when it is due", "a day before it is due". */
export function beforeInWords(minutes: number, anchor: Reminder["anchor"]): string {
  const date = DATES[anchor === "at" ? "due" : anchor];
  if (minutes === 0) return anchor === "deadline" ? `at ${date}` : `when ${date}`;
  return `${duration(minutes)} before ${date}`;
}

function duration(minutes: number): string {
  if (minutes % DAY === 0) return minutes === DAY ? "a day" : count(minutes / DAY, "day");
  if (minutes % HOUR === 0) return minutes === HOUR ? "an hour" : count(minutes / HOUR, "hour");
  return count(minutes, "minute");
}
