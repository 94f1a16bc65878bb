/** The words of `POST /sync`, and what this device adds to an operation while it waits. */
import type { Problem } from "../api/problem";

export type Entity =
  | "area"
  | "project"
  | "goal"
  | "task"
  | "label"
  | "dependency"
  | "habit"
  | "check_in"
  | "data_point"
  | "note"
  | "journal_entry"
  | "comment"
  | "reminder"
  | "calendar_event"
  | "focus_session"
  | "filter"
  | "template";

export type Verb =
  | "create"
  | "update"
  | "delete"
  | "restore"
  | "move"
  | "complete"
  | "reopen"
  | "cancel"
  | "skip"
  | "pause"
  | "resume"
  | "stop"
  | "archive"
  | "unarchive";

/** A row as the API shows it. */
export interface Row {
  id: string;
  [field: string]: unknown;
}

export interface Operation {
  id: string;
  entity: Entity;
  entity_id: string;
  verb: Verb;
  fields: Record<string, unknown>;
  /** The ledger's number at which this device knew the row; null for a row it makes. */
  base: number | null;
  hlc: string;
}

export interface SyncRequest {
  device: string;
  cursor: number | null;
  /** Where to go on inside a full copy. */
  page: string | null;
  ops: Operation[];
}

export interface Ack {
  id: string;
  status: "applied" | "merged" | "conflict" | "refused" | "repeated";
  changeset_id: string | null;
  problem: { status: number; detail: string } | null;
  conflicts: { id: string; field: string; kept: unknown; lost: unknown }[];
}

export interface SyncAnswer {
  acks: Ack[];
  changes: { entity: string; id: string; seq: number; row: Row | null }[];
  cursor: number | null;
  page: string | null;
  more: boolean;
  full_sync: boolean;
  /** Null where the server shows nothing, since the caller may no longer come in. */
  server_hlc: string | null;
}

/** Sends one request; throws a `Problem`, with status 0 where the server was not reached. */
export type Wire = (request: SyncRequest) => Promise<SyncAnswer>;

/** An operation of this device that the server has not taken yet. */
export interface Queued extends Operation {
  /** Names the operations of one deed: they are undone together. */
  deed: string;
  /** What was done, in words: "Complete “Call Mum”". */
  label: string;
  /** Whether it may have reached the server: then it is never changed, only sent again. */
  sent: boolean;
  /** Why the server refused it; such an operation waits for its author, not for the network. */
  refusal: string | null;
}

export function isRefused(operation: Queued): boolean {
  return operation.refusal !== null;
}

export function onTheWire({ id, entity, entity_id, verb, fields, base, hlc }: Queued): Operation {
  return { id, entity, entity_id, verb, fields, base, hlc };
}

/** Answers that may be others next time, beside those from 500 on. */
const PASSING = [401, 404, 408, 429];

/** Whether the server answered and will not answer otherwise. */
export function isFinal({ status }: Pick<Problem, "status">): boolean {
  return status >= 400 && status < 500 && !PASSING.includes(status);
}
