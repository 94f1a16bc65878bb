import type { NotificationKind } from "../../api/types";

export type Named = [NotificationKind, string];

/** What happens by itself or was asked for. */
export const KINDS: Named[] = [
  ["task_reminder", "Reminders of tasks"],
  ["goal_reminder", "Reminders of goals"],
  ["calendar_reminder", "Reminders of appointments"],
  ["habit_reminder", "Times of habits"],
  ["habit_window", "When a habit’s part of the day begins"],
  ["overdue", "Many late reminders, as one"],
  ["mention", "Comments that mention you"],
  ["message", "Messages and tests"],
];

/** What comes at a time of its own. */
export const DIGESTS: Named[] = [
  ["morning_plan", "Plan of the morning"],
  ["evening_record", "Record of the evening"],
  ["weekly_review", "Review of the week"],
];
export const REPORTS: Named[] = [
  ["weekly_report", "Report of the week"],
  ["monthly_report", "Report of the month"],
  ["yearly_report", "Report of the year"],
];
