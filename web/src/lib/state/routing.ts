import type { Component } from "svelte";

/** A page is a component without props, or with the parameters of its address. */
export type PageComponent = Component<{ params: Record<string, string> }>;

/** A page: its address pattern (`:name` parts are parameters), title and lazy module. */
export interface Route {
  path: string;
  title: string;
  page: () => Promise<{ default: PageComponent | Component }>;
  /** Pages for people who are not signed in, without the side bar. */
  open?: boolean;
  /** Pages for people who are signed in, but without the side bar too. */
  bare?: boolean;
}

/** The parameters of `path` when it fits `pattern`, else null. */
export function matchPath(pattern: string, path: string): Record<string, string> | null {
  const wanted = pattern.split("/");
  const given = path.replace(/(.)\/$/, "$1").split("/");
  if (wanted.length !== given.length) return null;
  const params: Record<string, string> = {};
  for (const [index, part] of wanted.entries()) {
    const value = given[index]!;
    if (part.startsWith(":")) params[part.slice(1)] = decodeURIComponent(value);
    else if (part !== value) return null;
  }
  return params;
}
