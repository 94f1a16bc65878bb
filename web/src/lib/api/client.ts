import { Problem, readProblem, unreachable } from "./problem";
import { inTurn } from "./turns";
import type { Page } from "./types";

export const API = "/api/v1";

type Query = Record<string, string | number | boolean | null | undefined>;

/** An answered change: the row, and the handle that undoes it. */
export interface Answer<T> {
  data: T;
  changeset: string | null;
}

/** One request, as the pages make it. */
export interface Asked {
  method: "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
  path: string;
  query?: Query;
  body?: unknown;
  /** The version a row was read at; a row changed since refuses. */
  version?: number;
  /** The workspace meant, where it must be no other than this. */
  workspace?: string;
}

/** What answers in the server's place; undefined where only the server can. */
export interface StandIn {
  /** Whether it is asked first: the server is away, or does not yet know all of this device. */
  inCharge(path: string): boolean;
  answer(asked: Asked): Promise<Answer<unknown> | undefined>;
  /** Hears after each request whether the server was there. */
  reached(yes: boolean): void;
  /** Hears after each change that the server took, and each answer it gave. */
  wrote(): void;
  read(asked: Asked, data: unknown): void;
}

/** What a proxy says for a server that is down. */
const GATEWAY = [502, 504];

let onUnauthorised: () => void = () => {};
let standIn: StandIn | undefined;

/** Called once by the session so that an expired cookie leads to the login page. */
export function whenUnauthorised(handler: () => void): void {
  onUnauthorised = handler;
}

/** Called once by what keeps a copy on this device. */
export function whenUnreachable(handler: StandIn): void {
  standIn = handler;
}

export function address(path: string, query: Query = {}): string {
  const pairs = Object.entries(query).filter(([, value]) => value !== undefined && value !== null);
  if (pairs.length === 0) return API + path;
  return `${API}${path}?${new URLSearchParams(pairs.map(([key, value]) => [key, String(value)]))}`;
}

/** Asks the server itself; a server that is not there is a Problem with status 0. */
export async function exchange<T>(asked: Asked): Promise<Answer<T>> {
  const { method, path, body, query, version, workspace } = asked;
  const response = await fetch(address(path, query), {
    method,
    credentials: "same-origin",
    headers: {
      ...(body === undefined ? {} : { "Content-Type": "application/json" }),
      ...(version === undefined ? {} : { "If-Match": `"${version}"` }),
      ...(workspace === undefined ? {} : { "SelfOS-Workspace": workspace }),
    },
    body: body === undefined ? undefined : JSON.stringify(body),
  }).catch(() => undefined);
  const reached = response !== undefined && !GATEWAY.includes(response.status);
  standIn?.reached(reached);
  if (!reached) throw unreachable(method);
  if (response.status === 401 && !path.startsWith("/auth/")) onUnauthorised();
  if (!response.ok) throw await readProblem(response);
  const changeset = response.headers.get("SelfOS-Changeset");
  const text = await response.text();
  const data = (text === "" ? undefined : JSON.parse(text)) as T;
  // Asking what a typed line means is a POST that changes nothing.
  if (changeset !== null && path !== "/sync") standIn?.wrote();
  else if (method === "GET") standIn?.read(asked, data);
  return { data, changeset };
}

/** A filter that this device cannot read is a question for the server, if it is there. */
function unlessFilter(error: unknown): undefined {
  if (error instanceof Problem && error.filter === null) throw error;
}

/** What stands in can fail too, as long as its code is not on this device. */
function unlessBroken(error: unknown): undefined {
  if (error instanceof Problem) throw error;
}

/** Asks the server, or what stands in for it. */
async function request<T>(asked: Asked): Promise<Answer<T>> {
  const inCharge = standIn?.inCharge(asked.path);
  const answered = inCharge ? await standIn!.answer(asked).catch(unlessFilter) : undefined;
  if (answered) return answered as Answer<T>;
  try {
    return await exchange<T>(asked);
  } catch (error) {
    if (!(error instanceof Problem) || error.status !== 0) throw error;
    const instead = await standIn?.answer(asked).catch(unlessBroken);
    if (!instead) throw error;
    return instead as Answer<T>;
  }
}

export async function get<T>(path: string, query: Query = {}): Promise<T> {
  return (await request<T>({ method: "GET", path, query })).data;
}

export function post<T>(path: string, body?: unknown): Promise<Answer<T>> {
  return inTurn(path, () => request<T>({ method: "POST", path, body }));
}

/** Changes a row; given the `version` it was read at, a row changed since refuses. */
export function patch<T>(path: string, body: unknown, version?: number): Promise<Answer<T>> {
  return inTurn(path, () => request<T>({ method: "PATCH", path, body, version }));
}

export function put<T>(path: string, body: unknown): Promise<Answer<T>> {
  return inTurn(path, () => request<T>({ method: "PUT", path, body }));
}

export function remove(path: string): Promise<Answer<undefined>> {
  return inTurn(path, () => request<undefined>({ method: "DELETE", path }));
}

/** Follows the cursors of a list up to `most` rows; a row that moved meanwhile comes once. */
export async function list<T extends { id: string }>(
  path: string,
  query: Query = {},
  most = 500,
): Promise<T[]> {
  const rows = new Map<string, T>();
  let cursor: string | null = null;
  do {
    const page: Page<T> = await get<Page<T>>(path, { limit: 100, ...query, cursor });
    for (const row of page.items) rows.set(row.id, row);
    cursor = page.next_cursor ?? null;
  } while (cursor !== null && rows.size < most);
  return [...rows.values()];
}
