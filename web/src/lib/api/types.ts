/** The shapes of the HTTP API: our names for what `npm run types` reads from its description. */
import type { components } from "./schema";

type Schemas = components["schemas"];

export type Instance = Schemas["InstanceView"];
export type Workspace = Schemas["WorkspaceView"];
export type User = Schemas["UserView"];
export type Me = Schemas["MeView"];
export type Session = Schemas["SessionView"];
export type ApiToken = Schemas["ApiTokenView"];
export type Member = Schemas["MemberView"];
export type Invitation = Schemas["InvitationView"];
export type Preferences = Schemas["PreferencesView"];
export type Area = Schemas["AreaView"];
export type AreaSummary = Schemas["AreaSummary"];
export type Phase = Schemas["PhaseView"];
export type TimelineEntry = Schemas["TimelineRow"];
export type Goal = Schemas["GoalView"];
export type GoalProgress = Schemas["ProgressView"];
export type GoalPath = Schemas["PathView"];
export type DayValue = Schemas["DayValue"];
export type DataPoint = Schemas["DataPointView"];
export type GoalReview = Schemas["GoalReviewView"];
export type GoalAtRisk = Schemas["GoalAtRisk"];
export type Label = Schemas["LabelView"];
export type Dependency = Schemas["DependencyView"];
export type Today = Schemas["TodayView"];
export type CalendarEvent = Schemas["CalendarEventView"];
export type EventOccurrence = Schemas["EventOccurrence"];
export type Calendar = Schemas["CalendarView"];
export type CalendarDay = Schemas["CalendarDay"];
export type TrashRow = Schemas["TrashRow"];
export type WeekLoad = Schemas["LoadView"];
export type Forecast = Schemas["ForecastView"];
export type Changeset = Schemas["ChangesetView"];
export type Change = Schemas["ChangeView"];
export type ChangesetDetail = Schemas["ChangesetDetail"];
export type UndoConflict = Schemas["Conflict"];
export type UndoResult = Schemas["UndoResult"];
export type Project = Schemas["ProjectView"];
/**
 * A task. Of this device alone: `awaits_next`, that what comes after it is not known here yet, and
 * `foreseen`, that the server is going to make it.
 */
export type Task = Schemas["TaskView"] & { awaits_next?: boolean; foreseen?: boolean };
export type UnreadTasks = Schemas["UnreadTasks"];
export type Notification = Schemas["NotificationView"];
export type Digest = Schemas["DigestView"];
export type TimeOfKind = Schemas["TimeView"];
export type NotificationPreferences = Schemas["NotificationPreferencesView"];
export type NotificationKind = Schemas["NotificationKind"];
export type Channel = Schemas["Channel"];
export type Delivery = Schemas["DeliveryView"];
export type Destinations = Schemas["DestinationList"];
export type NotificationTemplate = Schemas["NotificationTemplateView"];
export type TemplateVersion = Schemas["NotificationTemplateVersionView"];
export type Preview = Schemas["NotificationPreviewView"];
export type PushDevice = Schemas["DeviceView"];
export type Reminder = Schemas["SetReminderView"];
export type FocusSession = Schemas["FocusSessionView"];
export type FocusNow = Schemas["FocusNow"];
export type FocusStarted = Schemas["FocusStarted"];
export type TaskLength = Schemas["TaskLengthView"];
export type Series = Schemas["SeriesView"];
export type TaskLabel = Schemas["TaskLabelView"];
export type Story = Schemas["StoryView"];
export type Habit = Schemas["HabitView"];
export type HabitSchedule = Habit["schedule"];
/** A habit's day; `awaits_streak` is this device's own: the streak is from before its last records. */
export type HabitDay = Schemas["HabitDay"] & { awaits_streak?: boolean };
export type HabitDayList = Omit<Schemas["HabitDayList"], "habits"> & { habits: HabitDay[] };
export type HabitHistory = Schemas["HabitHistory"];
export type HabitPause = Schemas["PauseView"];
export type CheckIn = Schemas["CheckInView"];
export type Streak = Schemas["StreakView"];
export type Verdict = HabitDay["verdict"];
export type StoryKind = Schemas["StoryKind"];

/** A typed line as the server understands it; plans are read as our own kind. */
export type Parsed = Omit<Schemas["ParsedView"], "preview" | "fields"> & {
  preview: When[];
  fields: Omit<Schemas["FieldsView"], "due"> & { due: When | null };
};
export type AskedLine = Omit<Schemas["AskedView"], "parsed"> & { parsed: Parsed };
export type Span = Schemas["SpanView"];
export type QuickWarning = Schemas["QuickWarning"];
export type Added = Schemas["AddedView"];

export type Note = Schemas["NoteView"];
export type JournalEntry = Schemas["EntryView"];
export type GoalForecast = Schemas["GoalForecastView"];
export type Reliability = Schemas["ReliabilityView"];
export type Insights = Schemas["InsightsView"];
export type Insight = Schemas["InsightView"];
export type MoodDay = Schemas["MoodDay"];
export type MoodDays = Schemas["MoodDays"];
export type Comment = Schemas["CommentView"];
export type Template = Schemas["TemplateView"];
export type TemplateTask = Schemas["TemplateTaskView"];

/** The one thing a note hangs on, if any. */
export type NoteTarget = Partial<
  Record<"task_id" | "goal_id" | "project_id" | "area_id" | "habit_id", string>
>;
export type CommentTarget = Omit<NoteTarget, "area_id">;

export type ToolGroup = Schemas["Group"];
export type ConsentLevel = Schemas["Level"];

export type ProposalQuestion = Schemas["QuestionView"];

/** A line as the server sends it, with the fields that the preview edits. */
export type ProposalLine = Omit<Schemas["LineView"], "fields"> & { fields: LineFields };
export type Proposal = Omit<Schemas["ProposalView"], "lines"> & { lines: ProposalLine[] };

export type SavedFilter = Schemas["FilterView"];
export type FilterProblem = Schemas["FilterProblem"];
export type FilterSections = Schemas["FilterSections"];
export type SearchHit = Schemas["SearchHit"];
export type TextPart = Schemas["Part"];

export type Priority = number;
export type Hue = "health" | "career" | "mind" | "money" | "people" | "home" | "play" | "growth";

export type When =
  | { kind: "date"; date: string }
  | { kind: "floating"; date: string; time: string }
  | { kind: "zoned"; date: string; time: string; zone: string };

export interface Page<T> {
  items: T[];
  next_cursor: string | null;
}

export type Role = "owner" | "admin" | "member" | "guest";

export type TaskState = Schemas["TaskState"];

/** The states a person sets; done, cancelled and skipped have verbs of their own. */
export type OpenState = Exclude<TaskState, "done" | "cancelled" | "skipped">;

/** How a task repeats, as the person chooses it. */
export type RepeatDraft = Pick<Schemas["TaskRepetition"], "rule" | "mode">;
export type RecurrenceDates = Schemas["PreviewView"];

/** How much of a repeating task a change reaches. */
export type Scope = Schemas["Scope"];

export interface TaskDraft {
  title: string;
  id?: string;
  notes?: string;
  state?: OpenState;
  priority?: Priority;
  due?: When | null;
  start?: When | null;
  deadline?: string | null;
  duration_minutes?: number | null;
  weight?: number;
  labels?: string[];
  parent_id?: string | null;
  project_id?: string | null;
  phase_id?: string | null;
  goal_id?: string | null;
  area_id?: string | null;
  assignee_id?: string | null;
  waiting_for?: string | null;
  waiting_until?: string | null;
  repeat?: RepeatDraft | null;
  scope?: Scope;
}

export type Entity = "area" | "project" | "goal" | "task" | "habit";

export interface LineFields {
  title?: string;
  name?: string;
  due?: When | null;
  duration_minutes?: number | null;
  [field: string]: unknown;
}

export type Fact = Schemas["FactView"];
export type FactKind = Schemas["FactKind"];
export type FactUse = Schemas["FactUseView"];
export type Recalled = Schemas["Recalled"];
export type MemoryProfile = Schemas["ProfileView"];

export type Conversation = Schemas["ConversationView"];
export type ChatMessage = Schemas["MessageView"];
export type ChatPart = ChatMessage["parts"][number];
export type NudgePart = Schemas["NudgePart"];
export type NudgeList = Schemas["NudgeList"];
export type Nudge = Schemas["NudgeView"];
export type Recommendations = Schemas["RecommendationsView"];
export type NudgeCalm = Schemas["NudgeCalmView"];
export type TodaysNudge = Schemas["TodaysNudge"];
export type AssistantProfile = Schemas["AssistantProfileView"];
export type AssistantPreview = Schemas["AssistantProfilePreview"];
export type AssistantOptions = Schemas["AssistantProfileOptions"];
export type Onboarding = Schemas["OnboardingView"];

export type Opinion = Schemas["FeedbackView"];
export type OpinionKind = Schemas["FeedbackKind"];
export type OpinionStats = Schemas["FeedbackStats"];
export type NewOpinion = Omit<Schemas["FeedbackCreate"], "comment"> & { comment?: string };

export type AiStatus = Schemas["AiStatusView"];
export type AiTask = Schemas["AiTask"];
export type AiCall = Schemas["CallView"];
export type AiCallWithPrompt = Schemas["CallWithPrompt"];
export type AiPrivacy = Schemas["PrivacyView"];
export type AiPrice = Schemas["PriceView"];
export type Budget = Schemas["BudgetView"];
export type Dial = Schemas["Dial"];
export type Outcome = Schemas["Outcome"];
export type Usage = Schemas["UsageView"];
export type UsageRow = Schemas["UsageRow"];

export type Stats = Schemas["StatsView"];
export type Chart = Schemas["ChartView"];
export type ChartName = Schemas["Chart"];
export type BurnUp = Schemas["BurnUpView"];
export type TeamTable = Schemas["AnalyticsView"];
export type YearReview = Schemas["YearView"];
export type YearCard = Schemas["CardView"];
export type YearHeat = Schemas["HeatmapView"];
export type Achievement = Schemas["AchievementView"];
export type AchievementList = Schemas["AchievementsView"];
export type Report = Schemas["ReportView"];
