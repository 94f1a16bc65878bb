/**
 * Keeps the program itself on the device, so that it opens without a network. It never keeps an
 * answer of the API: what people wrote lives in the copy that signing out deletes.
 *
 * The build writes the two names below in front of this file.
 */
export {};
declare const self: ServiceWorkerGlobalScope;
/** The addresses of this build: the page, its scripts, styles and fonts. */
declare const SHELL: readonly string[];
/** The name of this build's cache. */
declare const BUILD: string;

const PREFIX = "selfos-build-";
const PAGE = "/";
/** The build before this one may still be open in some tab, which loads its parts as needed. */
const BUILDS_KEPT = 2;
/** On a bad line the page kept here is better than a white screen. */
const PATIENCE_MS = 4_000;

self.addEventListener("install", (event) => event.waitUntil(install()));
self.addEventListener("activate", (event) => event.waitUntil(activate()));
self.addEventListener("fetch", (event) => {
  const { method, mode, url } = event.request;
  const { origin, pathname } = new URL(url);
  if (method !== "GET" || origin !== location.origin || pathname.startsWith("/api/")) return;
  if (mode === "navigate") event.respondWith(page(event.request));
  else if (pathname.startsWith("/assets/") || SHELL.includes(pathname))
    event.respondWith(part(event.request));
});

self.addEventListener("push", (event) => event.waitUntil(show(event.data)));
self.addEventListener("notificationclick", (event) => {
  event.notification.close();
  event.waitUntil(open(String(event.notification.data)));
});

/** Shows what was pushed; a browser wants something shown for every push. */
async function show(data: PushMessageData | null): Promise<void> {
  const told = data ? (data.json() as { id: string; title: string; body: string; link: string }) : null;
  await self.registration.showNotification(told?.title ?? "SelfOS", {
    body: told?.body ?? "",
    tag: told?.id ?? "selfos",
    icon: "/favicon.svg",
    data: told ? place(told.link) : "/",
  });
}

/** The part of an address that lies in this app; a push never leads elsewhere. */
function place(link: string): string {
  const { pathname, search } = new URL(link, location.origin);
  return pathname + search;
}

/** Shows a page of the app: in a window that is open, or in a new one. */
async function open(path: string): Promise<void> {
  const [window] = await self.clients.matchAll({ type: "window", includeUncontrolled: true });
  if (!window) return void (await self.clients.openWindow(path));
  await window.focus();
  await window.navigate(path).catch(() => undefined);
}

async function install(): Promise<void> {
  await caches.delete(BUILD);
  const cache = await caches.open(BUILD);
  // The page may not come from the browser's own cache: it has to fit the parts it names.
  const fresh = new Request(PAGE, { cache: "reload" });
  await cache.addAll(SHELL.map((path) => (path === PAGE ? fresh : path)));
  await self.skipWaiting();
}

async function activate(): Promise<void> {
  const builds = (await caches.keys()).filter((name) => name.startsWith(PREFIX));
  await Promise.all(builds.slice(0, -BUILDS_KEPT).map((name) => caches.delete(name)));
  await self.clients.claim();
}

/** The page as the server has it now; where it does not answer, the one kept here. */
async function page(request: Request): Promise<Response> {
  const kept = await caches.match(PAGE, { cacheName: BUILD });
  const asked = fetch(request);
  if (!kept) return asked;
  const late = new Promise<Response>((resolve) => setTimeout(resolve, PATIENCE_MS, kept));
  const answer = await Promise.race([asked, late]).catch(() => kept);
  return answer.status < 500 ? answer : kept;
}

/** A part is named by its content, so the one kept here is the one asked for. */
async function part(request: Request): Promise<Response> {
  return (await caches.match(request)) ?? fetch(request);
}
