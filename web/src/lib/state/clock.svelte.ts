import { localDay } from "../format/when";
import { session } from "./session.svelte";

const MINUTE_MS = 60_000;

/** The present minute, so that "today" changes at midnight without a reload. */
class Clock {
  now = $state(new Date());

  start(): () => void {
    const timer = setInterval(() => (this.now = new Date()), MINUTE_MS);
    const wake = (): void => void (this.now = new Date());
    document.addEventListener("visibilitychange", wake);
    return () => {
      clearInterval(timer);
      document.removeEventListener("visibilitychange", wake);
    };
  }

  /** Today's date for the signed-in person. */
  get today(): string {
    return localDay(this.now, session.zone, session.user?.day_start_minutes ?? 0);
  }
}

export const clock = new Clock();
