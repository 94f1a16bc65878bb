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

class Router {
  path = $state(location.pathname);
  query = $state.raw(new URLSearchParams(location.search));

  start(): () => void {
    addEventListener("popstate", this.#read);
    document.addEventListener("click", this.#follow);
    return () => {
      removeEventListener("popstate", this.#read);
      document.removeEventListener("click", this.#follow);
    };
  }

  go(to: string, { replace = false } = {}): void {
    history[replace ? "replaceState" : "pushState"](null, "", to);
    this.#read();
  }

  /** Sets or clears one query value on the current page, as a step of the history. */
  set(name: string, value: string | null): void {
    const query = new URLSearchParams(this.query);
    if (value === null) query.delete(name);
    else query.set(name, value);
    const text = query.toString();
    this.go(this.path + (text === "" ? "" : `?${text}`));
  }

  #read = (): void => {
    this.path = location.pathname;
    this.query = new URLSearchParams(location.search);
  };

  #follow = (event: MouseEvent): void => {
    const link = (event.target as Element).closest?.("a[href]");
    if (!(link instanceof HTMLAnchorElement) || link.origin !== location.origin) return;
    if (event.defaultPrevented || event.button !== 0 || link.target || link.hasAttribute("download"))
      return;
    if (event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
    if (link.pathname === location.pathname && link.hash) return;
    event.preventDefault();
    this.go(link.pathname + link.search);
  };
}

export const router = new Router();
