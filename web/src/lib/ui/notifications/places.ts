import type { Notification, NotificationKind } from "../../api/types";

const PLACES: Partial<Record<NotificationKind, string>> = {
  morning_plan: "/today",
  evening_record: "/today",
  weekly_review: "/progress",
};

/** Where in the app the thing is that a notification is about. */
export function placeOf({ kind, subject, subject_id: id }: Notification): string | null {
  if (!subject || !id) return PLACES[kind] ?? null;
  if (subject === "calendar_event") return `/upcoming?event=${id}`;
  return subject === "task" ? `/inbox?tab=notifications&task=${id}` : `/${subject}s/${id}`;
}
