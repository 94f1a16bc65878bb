/** The shapes of the HTTP API. One import place, so generated types can replace the bodies. */

export type Priority = 1 | 2 | 3 | 4;
export type Hue =
  | "health"
  | "career"
  | "mind"
  | "money"
  | "people"
  | "home"
  | "play"
  | "growth";

export type When =
  | { kind: "date"; date: string }
  | { kind: "floating"; date: string; time: string }
  | { kind: "zoned"; date: string; time: string; zone: string };

export interface Page<T> {
  items: T[];
  next_cursor: string | null;
}

export interface Instance {
  version: string;
  name: string;
  registration: "open" | "first_user" | "closed";
  has_users: boolean;
  password_minimum: number;
}

export type Role = "owner" | "admin" | "member" | "guest";

export interface Workspace {
  id: string;
  name: string;
  kind: "personal" | "team" | "sample";
  role: Role;
  created_at: string;
  version: number;
}

export interface User {
  id: string;
  email: string;
  name: string;
  time_zone: string;
  locale: string;
  week_start: "monday" | "sunday" | "saturday";
  day_start_minutes: number;
  email_verified: boolean;
  created_at: string;
}

export interface Me {
  user: User;
  workspace: Workspace;
  workspaces: Workspace[];
  role: Role;
  permissions: string[];
}

export interface Session {
  id: string;
  kind: "web" | "device" | "api";
  name: string;
  created_at: string;
  last_used_at: string | null;
  expires_at: string | null;
  current: boolean;
}

export interface ApiToken {
  id: string;
  name: string;
  token: string;
  expires_at: string | null;
}

export interface Member {
  id: string;
  user_id: string;
  name: string;
  email: string;
  role: Role;
  status: string;
  created_at: string;
}

export interface Invitation {
  id: string;
  email: string;
  role: Role;
  accept_url: string | null;
  expires_at: string;
}

export interface Preferences {
  tone: "friendly" | "coach" | "minimal" | "professional";
  default_view: "list" | "card" | "timeline";
  notification_time: string;
  ai_enabled: boolean;
  media_enabled: boolean;
}

interface Row {
  id: string;
  position: number | string;
  archived_at: string | null;
  deleted_at: string | null;
  created_at: string;
  updated_at: string;
  version: number;
}

export interface Area extends Row {
  name: string;
  description: string;
  icon: string;
  color: Hue;
  weight: number;
}

export interface AreaSummary {
  area: Area;
  open_tasks: number;
  done_tasks: number;
  active_goals: number;
  projects: number;
  progress: number | null;
}

export interface Phase {
  id: string;
  name: string;
  position: number | string;
}

export interface Project extends Row {
  area_id: string | null;
  name: string;
  description: string;
  status: "active" | "on_hold" | "completed";
  priority: Priority;
  start_date: string | null;
  target_date: string | null;
  phases: Phase[];
  progress: number | null;
  open_tasks: number;
  done_tasks: number;
}

export interface TimelineEntry {
  kind: "phase" | "goal" | "task";
  id: string;
  title: string;
  start_date: string | null;
  end_date: string | null;
  done: boolean;
}

export interface Goal extends Row {
  area_id: string | null;
  project_id: string | null;
  title: string;
  description: string;
  why: string;
  status: "active" | "completed" | "dropped";
  target_value: number | null;
  target_unit: string | null;
  start_date: string | null;
  target_date: string | null;
  completed_at: string | null;
  progress: number | null;
  open_tasks: number;
  done_tasks: number;
}

export interface GoalProgress {
  progress: number | null;
  explanation: string;
  parts: { kind: "task"; id: string; title: string; weight: number; done: boolean }[];
}

export interface Label {
  id: string;
  name: string;
  color: Hue;
}

export type TaskState = "inbox" | "todo" | "doing" | "waiting" | "done" | "cancelled";

export interface Task {
  id: string;
  parent_id: string | null;
  project_id: string | null;
  phase_id: string | null;
  goal_id: string | null;
  area_id: string | null;
  title: string;
  notes: string;
  state: TaskState;
  priority: Priority;
  due: When | null;
  start: When | null;
  deadline: string | null;
  duration_minutes: number | null;
  weight: number;
  labels: Label[];
  assignee_id: string | null;
  waiting_for: string | null;
  rank: string;
  blocked: boolean;
  blocked_by: string[];
  subtasks_open: number;
  subtasks_done: number;
  progress: number;
  completed_at: string | null;
  created_at: string;
  updated_at: string;
  archived_at: string | null;
  deleted_at: string | null;
  version: number;
}

/** The states a person sets; done and cancelled have verbs of their own. */
export type OpenState = Exclude<TaskState, "done" | "cancelled">;

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
}

export interface Dependency {
  id: string;
  blocker_id: string;
  blocker_title: string;
  blocked_id: string;
  blocked_title: string;
  kind: "blocks" | "relates" | "duplicates";
}

export interface Today {
  date: string;
  overdue: Task[];
  due: Task[];
  done: Task[];
  next: Task[];
  rings: { tasks: { done: number; planned: number } };
  days: { date: string; done: number }[];
}

export type Entity = "area" | "project" | "goal" | "task";

export interface TrashRow {
  entity: Entity;
  id: string;
  title: string;
  deleted_at: string;
  purge_at: string;
}

export interface LineFields {
  title?: string;
  name?: string;
  due?: When | null;
  duration_minutes?: number | null;
  [field: string]: unknown;
}

export interface ProposalLine {
  id: string;
  position: number;
  accepted: boolean;
  op: "create" | "update" | "move";
  entity: "task" | "goal" | "project";
  entity_id: string;
  fields: LineFields;
  reason: string;
  phase?: string | null;
  depends_on: string[];
}

export interface ProposalQuestion {
  key: string;
  question: string;
  why: string;
  kind: "text" | "number" | "date" | "choice";
  choices?: string[] | null;
}

export interface WeekLoad {
  week_start: string;
  hours: number;
  capacity_hours: number;
}

export interface Proposal {
  id: string;
  kind: string;
  title: string;
  status: "open" | "applied" | "discarded";
  engine: "rules" | "llm" | "local-llm";
  engine_note: string;
  confidence: number;
  assumptions: string[];
  questions: ProposalQuestion[];
  goal_id: string | null;
  changeset_id: string | null;
  created_at: string;
  updated_at: string;
  version: number;
  load: WeekLoad[];
  infeasible: { message: string; ways_out: string[] } | null;
  lines: ProposalLine[];
}

export interface Changeset {
  id: string;
  seq: number;
  door: "web" | "api" | "mcp" | "sync" | "import" | "job" | "cli" | "assistant";
  actor: { kind: "user" | "assistant" | "system"; user_id: string | null; name: string | null };
  label: string;
  at: string;
  changes_count: number;
  undo_of: string | null;
  undone_by: string | null;
  undoable: boolean;
}

export interface Change {
  entity: string;
  entity_id: string;
  kind: "create" | "update" | "delete";
  title: string | null;
  before: Record<string, unknown> | null;
  after: Record<string, unknown> | null;
}

export interface ChangesetDetail extends Changeset {
  changes: Change[];
}

export interface UndoConflict {
  entity: string;
  entity_id: string;
  title: string | null;
  fields: string[];
}

export interface UndoResult {
  changeset_id: string | null;
  conflicts: UndoConflict[];
}

export type StoryKind = "summary" | "story" | "reflection" | "achievement";

export interface StorySource {
  event_id: string;
  type: string;
  at: string;
  title: string | null;
}

export interface Story {
  id: string;
  title: string;
  period_start: string;
  period_end: string;
  kind: StoryKind;
  engine: string;
  engine_note: string;
  status: "draft" | "ready";
  sentences: { text: string; event_ids: string[] }[];
  text: string;
  rating: number | null;
  regeneration_count: number;
  trigger: { event_id: string; type: string } | null;
  sources: StorySource[];
  created_at: string;
  updated_at: string;
  version: number;
}
