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
    if (
      event.defaultPrevented ||
      event.button !== 0 ||
      link.target ||
      link.hasAttribute("download")
    )
      return;
    if (event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
    if (link.pathname === location.pathname && link.hash) return;
    event.preventDefault();
    this.go(link.pathname + link.search);
  };
}

export const router = new Router();
