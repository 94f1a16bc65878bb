/**
 * What this device shows while the server is away: the rows it last read, with everything done
 * since on top. Nothing here is stored; a change taken back leaves no trace.
 */
import type {
  Area,
  CalendarEvent,
  CheckIn,
  Comment,
  DataPoint,
  Dependency,
  Goal,
  Habit,
  JournalEntry,
  Label,
  Note,
  Project,
  Reminder,
  SavedFilter,
  Series,
  Task,
  Template,
  TemplateTask,
} from "../api/types";
import { BLANK, LINE } from "./blank";
import { instantOf } from "./hlc";
import { nextOf, type Person, type Settled } from "./occurrences";
import { applyToEvents } from "./rescheduling";
import { applyToSessions, type KeptSession } from "./timers";
import { isRefused, type Entity, type Operation, type Queued, type Row } from "./wire";

export interface Stored {
  entity: string;
  id: string;
  row: Row;
}

export type Container = "goal_id" | "project_id" | "area_id";

export interface Kinds {
  area: Area;
  project: Project;
  goal: Goal;
  task: Task;
  label: Label;
  series: Series;
  dependency: Dependency;
  habit: Habit;
  check_in: CheckIn;
  data_point: DataPoint;
  note: Note;
  journal_entry: JournalEntry;
  comment: Comment;
  reminder: Reminder;
  calendar_event: CalendarEvent;
  focus_session: KeptSession;
  filter: SavedFilter;
  template: Template;
  /** What the server last said where only it can reckon. */
  answer: Row & { data: unknown; at: number };
}

type Table = Map<string, Row>;

const PLACE = ["parent_id", "project_id", "phase_id", "goal_id", "area_id"] as const;
type Place = Partial<Record<(typeof PLACE)[number], string | null>>;

const STATES: Record<string, Task["state"]> = {
  complete: "done",
  cancel: "cancelled",
  skip: "skipped",
};
/** What has no place in the trash. */
const GONE_FOR_GOOD: readonly Entity[] = [
  "label",
  "dependency",
  "check_in",
  "data_point",
  "comment",
  "reminder",
  "focus_session",
  "filter",
  "template",
];
const SETTLED: readonly Task["state"][] = ["done", "cancelled", "skipped"];

export function isOpen(task: Pick<Task, "state">): boolean {
  return !SETTLED.includes(task.state);
}

/** A rule of repeating as it was asked for; the words for it are the server's. */
function shownRepeat(repeat: unknown): Task["repeat"] {
  if (repeat === null) return null;
  const given = repeat as { rule: string; phrase?: string };
  const usual = { mode: "schedule", catch_up: "one", phrase: null } as const;
  return { ...usual, text: given.phrase ?? "repeats", ...given };
}

/** The rows by a key of theirs. */
export function grouped<T>(rows: Iterable<T>, key: (row: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const row of rows) {
    const group = groups.get(key(row));
    if (group) group.push(row);
    else groups.set(key(row), [row]);
  }
  return groups;
}

export class World {
  readonly #tables = new Map<string, Table>();
  #children: Map<string, Task[]> | undefined;
  #edges: Map<string, Dependency[]> | undefined;
  #insides = new Map<Container, Map<string, Task[]>>();

  constructor(
    stored: Iterable<Stored>,
    operations: Iterable<Queued>,
    private readonly person: Person = { zone: "UTC", dayStart: 0 },
  ) {
    for (const { entity, id, row } of stored) this.#table(entity).set(id, row);
    for (const operation of operations) if (!isRefused(operation)) this.#apply(operation);
  }

  all<E extends keyof Kinds>(entity: E): Kinds[E][] {
    return [...this.#table(entity).values()] as unknown as Kinds[E][];
  }

  find<E extends keyof Kinds>(entity: E, id: string | null | undefined): Kinds[E] | undefined {
    return id ? (this.#table(entity).get(id) as Kinds[E] | undefined) : undefined;
  }

  /** The subtasks of a task that are not in the trash. */
  childrenOf(id: string): Task[] {
    this.#children ??= grouped(
      this.all("task").filter((task) => task.parent_id !== null && task.deleted_at === null),
      (task) => task.parent_id!,
    );
    return this.#children.get(id) ?? [];
  }

  /** The tasks that lie in a goal, a project or an area. */
  tasksIn(column: Container, id: string): Task[] {
    let inside = this.#insides.get(column);
    if (!inside) {
      inside = grouped(this.all("task"), (task) => task[column] ?? "");
      this.#insides.set(column, inside);
    }
    return inside.get(id) ?? [];
  }

  /** What has to be settled before a task, or once had to. */
  edgesTo(id: string): Dependency[] {
    this.#edges ??= grouped(this.all("dependency"), (edge) => edge.blocked_id);
    return this.#edges.get(id) ?? [];
  }

  #table(entity: string): Table {
    let table = this.#tables.get(entity);
    if (!table) this.#tables.set(entity, (table = new Map()));
    return table;
  }

  #apply(operation: Operation): void {
    const { entity, entity_id: id, verb, fields } = operation;
    const at = instantOf(operation.hlc);
    this.#children = this.#edges = undefined;
    this.#insides.clear();
    if (entity === "calendar_event") return this.#reschedule(operation, at);
    if (entity === "focus_session" && verb !== "delete") {
      for (const row of applyToSessions(this, operation, this.person, at))
        this.#table(entity).set(row.id, row as unknown as Row);
      return;
    }
    if (verb === "create") return this.#create(operation, at);
    if (!this.#table(entity).has(id)) return;
    // What somebody has touched stays when the occurrence before it is reopened.
    if (this.find("task", id)?.foreseen) this.#put("task", id, { foreseen: false });
    switch (verb) {
      case "update":
        return this.#update(entity, id, fields);
      case "move":
        return this.#move(entity, id, fields);
      case "delete":
        if (GONE_FOR_GOOD.includes(entity)) this.#table(entity).delete(id);
        else this.#withInside(entity, id, { deleted_at: at });
        return;
      case "restore":
        return this.#withInside(entity, id, { deleted_at: null });
      case "archive":
        return this.#withInside(entity, id, { archived_at: at });
      case "unarchive":
        return this.#withInside(entity, id, { archived_at: null });
      default:
        return this.#settle(entity, id, verb, { at, on: fields.on as string | undefined });
    }
  }

  #reschedule(operation: Operation, at: string): void {
    const events = this.#table("calendar_event");
    for (const row of applyToEvents(this, operation, at))
      if ("gone" in row) events.delete(row.id);
      else events.set(row.id, row);
  }

  #create({ entity, entity_id: id, fields }: Operation, at: string): void {
    const order = { rank: `~${id}`, position: `~${id}` };
    const stamps = { id, created_at: at, updated_at: at, version: 0 };
    this.#table(entity).set(id, { ...BLANK[entity], ...order, ...stamps });
    this.#update(entity, id, fields);
  }

  #update(entity: Entity, id: string, fields: Record<string, unknown>): void {
    const { scope: _, labels, labels_add, labels_remove, repeat, tasks, ...plain } = fields;
    this.#put(entity, id, plain);
    if (tasks) {
      const lines = tasks as Pick<TemplateTask, "title">[];
      this.#put(entity, id, { tasks: lines.map((line) => ({ ...LINE, ...line })) });
    }
    if (labels || labels_add || labels_remove) {
      const now = (labels as string[]) ?? this.find("task", id)!.labels.map((label) => label.name);
      const gone = (labels_remove as string[]) ?? [];
      const names = [...now, ...((labels_add as string[]) ?? [])];
      const kept = [...new Set(names)].filter((name) => !gone.includes(name));
      this.#put(entity, id, { labels: kept.map((name) => this.#label(name)) });
    }
    if (repeat !== undefined) this.#put(entity, id, { repeat: shownRepeat(repeat) });
    if (entity === "task" && PLACE.some((name) => name in fields)) this.#place(id, fields as Place);
  }

  /** Puts a row behind another one; nothing sorts between a rank and the same with a tilde. */
  #move(entity: Entity, id: string, { after_id: after, ...place }: Record<string, unknown>): void {
    this.#update(entity, id, place);
    if (after === undefined) return;
    const column = entity === "task" ? "rank" : "position";
    const before = after === null ? "" : String(this.#table(entity).get(String(after))?.[column]);
    this.#put(entity, id, { [column]: after === null ? "" : `${before}~` });
  }

  /** Fills in what follows from a task's new place, and takes its subtasks along. */
  #place(id: string, given: Place): void {
    const parent = this.find("task", given.parent_id);
    const goal = this.find("goal", given.goal_id);
    const project = this.find("project", given.project_id ?? goal?.project_id);
    const task = this.find("task", id)!;
    const place: Place = parent
      ? Object.fromEntries(PLACE.slice(1).map((name) => [name, parent[name]]))
      : {
          parent_id: given.parent_id === undefined ? task.parent_id : null,
          project_id: project?.id ?? task.project_id,
          area_id: given.area_id ?? goal?.area_id ?? project?.area_id ?? task.area_id,
        };
    this.#put("task", id, place);
    if (task.state === "inbox" && this.#isPlaced(id)) this.#put("task", id, { state: "todo" });
    const { parent_id: _, ...inherited } = place;
    for (const child of this.#below(id)) this.#put("task", child.id, inherited);
  }

  #isPlaced(id: string): boolean {
    const task = this.find("task", id)!;
    return PLACE.some((name) => task[name] !== null);
  }

  #settle(entity: Entity, id: string, verb: string, { at, on }: Omit<Settled, "done">): void {
    const opens = verb === "reopen";
    if (entity === "goal" || entity === "project") {
      const status = opens ? "active" : "completed";
      return this.#put(entity, id, { status, completed_at: opens ? null : at });
    }
    if (entity !== "task") return;
    const state = STATES[verb] ?? "todo";
    const fields = { state, completed_at: state === "done" ? at : null };
    const others = opens ? this.#above(id) : this.#below(id).filter(isOpen);
    for (const task of others) if (opens !== isOpen(task)) this.#put("task", task.id, fields);
    this.#put("task", id, { ...fields, awaits_next: false });
    if (this.find("task", id)!.repeat === null) return;
    if (opens) this.#unforesee(id);
    else this.#foresee(id, { at, on, done: state === "done" });
  }

  /** Opens what comes after an occurrence, or says that only the server knows. */
  #foresee(id: string, settled: Settled): void {
    const rows = nextOf(this, this.find("task", id)!, settled, this.person);
    for (const row of rows ?? []) this.#table("task").set(row.id, row);
    if (!rows) this.#put("task", id, { awaits_next: true });
    this.#children = undefined;
  }

  /** Takes back what this device opened after an occurrence that is open again. */
  #unforesee(id: string): void {
    const task = this.find("task", id)!;
    const opened = this.all("task").filter(
      (each) => each.foreseen && each.series_id === task.series_id && each.slot! > task.slot!,
    );
    for (const each of opened)
      for (const row of [each, ...this.#below(each.id)]) this.#table("task").delete(row.id);
    this.#children = undefined;
  }

  #below(id: string): Task[] {
    this.#children = undefined;
    return this.childrenOf(id).flatMap((child) => [child, ...this.#below(child.id)]);
  }

  #above(id: string): Task[] {
    const parent = this.find("task", this.find("task", id)?.parent_id);
    return parent ? [parent, ...this.#above(parent.id)] : [];
  }

  /** Changes a row and everything that lies inside it. */
  #withInside(entity: Entity, id: string, fields: object): void {
    if (entity === "task") for (const task of this.#below(id)) this.#put("task", task.id, fields);
    for (const kind of ["task", "goal", "project"] as const)
      for (const row of this.#table(kind).values())
        if (row[`${entity}_id`] === id) this.#put(kind, row.id, fields);
    this.#put(entity, id, fields);
  }

  #put(entity: Entity, id: string, fields: object): void {
    this.#table(entity).set(id, { ...this.#table(entity).get(id)!, ...fields });
    this.#children = undefined;
  }

  #label(name: string): Pick<Label, "id" | "name" | "color"> {
    const key = name.toLowerCase();
    const known = this.all("label").find((label) => label.name.toLowerCase() === key);
    if (known) return { id: known.id, name: known.name, color: known.color };
    return { id: `new:${key}`, name, color: "growth" };
  }
}
