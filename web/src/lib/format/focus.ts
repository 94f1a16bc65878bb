import type { FocusSession } from "../api/types";
import { instantIn, wallIn } from "./moments";
import { minutes } from "./words";

/** What a session was given to, in a few words. */
export function subjectOf(session: FocusSession): string {
  return session.task_title ?? session.habit_title ?? (session.note || "Nothing in particular");
}

/** 40 -> "40 s", 65 -> "1 min", 5400 -> "1 h 30". */
export function lengthInWords(seconds: number): string {
  return seconds < 60 ? `${Math.floor(seconds)} s` : minutes(Math.floor(seconds / 60));
}

/** 5025 -> "1:23:45", for what is counting. */
export function onClock(seconds: number): string {
  const whole = Math.max(0, Math.floor(seconds));
  const pad = (amount: number): string => String(amount).padStart(2, "0");
  const rest = `${pad(Math.floor((whole % 3_600) / 60))}:${pad(whole % 60)}`;
  return whole < 3_600 ? rest : `${Math.floor(whole / 3_600)}:${rest}`;
}

/** How long a session has been at an instant, pauses left out; a forgotten timer counts no more. */
export function secondsAt(session: FocusSession, at: number, longest: number): number {
  const last = session.stretches.at(-1);
  if (!last || last.end !== null) return session.seconds;
  const running = (at - Date.parse(last.start)) / 1_000;
  return session.seconds + Math.min(Math.max(0, running), longest);
}

/** The wall time of an instant in a zone, as a field of day and time takes it. */
export function wallOf(instant: string | number | Date, zone: string): string {
  return wallIn(new Date(instant), zone).slice(0, 16);
}

/** The instant of a wall time in a zone; one that comes twice is the first, a missing one later. */
export function instantOf(wall: string, zone: string): string {
  return instantIn(wall.slice(0, 10), wall.slice(11), zone).toISOString();
}

/** "09:10 – 10:05", with the seconds left out. */
export function spanInWords(session: FocusSession, zone: string): string {
  const clock = (at: string): string => wallOf(at, zone).slice(11);
  return `${clock(session.started_at)} – ${session.ended_at ? clock(session.ended_at) : "now"}`;
}
