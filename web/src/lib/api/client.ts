import { readProblem, unreachable } from "./problem";
import type { Page } from "./types";

export const API = "/api/v1";

type Query = Record<string, string | number | boolean | null | undefined>;

/** An answered change: the row, and the handle that undoes it. */
export interface Answer<T> {
  data: T;
  changeset: string | null;
}

let onUnauthorised: () => void = () => {};

/** Called once by the session so that an expired cookie leads to the login page. */
export function whenUnauthorised(handler: () => void): void {
  onUnauthorised = handler;
}

export function address(path: string, query: Query = {}): string {
  const pairs = Object.entries(query).filter(([, value]) => value !== undefined && value !== null);
  if (pairs.length === 0) return API + path;
  return `${API}${path}?${new URLSearchParams(pairs.map(([key, value]) => [key, String(value)]))}`;
}

async function request<T>(
  method: string,
  path: string,
  body?: unknown,
  query: Query = {},
  version?: number,
): Promise<Answer<T>> {
  const response = await fetch(address(path, query), {
    method,
    credentials: "same-origin",
    headers: {
      ...(body === undefined ? {} : { "Content-Type": "application/json" }),
      ...(version === undefined ? {} : { "If-Match": `"${version}"` }),
    },
    body: body === undefined ? undefined : JSON.stringify(body),
  }).catch(() => {
    throw unreachable();
  });
  if (response.status === 401 && !path.startsWith("/auth/")) onUnauthorised();
  if (!response.ok) throw await readProblem(response);
  const text = await response.text();
  return {
    data: (text === "" ? undefined : JSON.parse(text)) as T,
    changeset: response.headers.get("SelfOS-Changeset"),
  };
}

export async function get<T>(path: string, query: Query = {}): Promise<T> {
  return (await request<T>("GET", path, undefined, query)).data;
}

export function post<T>(path: string, body?: unknown): Promise<Answer<T>> {
  return request<T>("POST", path, body);
}

/** Changes a row; given the `version` it was read at, a row changed since refuses. */
export function patch<T>(path: string, body: unknown, version?: number): Promise<Answer<T>> {
  return request<T>("PATCH", path, body, {}, version);
}

export function remove(path: string): Promise<Answer<undefined>> {
  return request<undefined>("DELETE", path);
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
