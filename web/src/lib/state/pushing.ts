import { get, post, remove } from "../api/client";
import type { PushDevice } from "../api/types";

/** Where this browser notes which of the devices it is. */
const OWN = "selfos.push-device";

export type Standing = "on" | "off" | "blocked" | "unsupported";

/** How this browser stands to pushes; it asks nobody anything. */
export async function standing(devices: readonly PushDevice[]): Promise<Standing> {
  if (!("PushManager" in window) || !navigator.serviceWorker) return "unsupported";
  if (Notification.permission === "denied") return "blocked";
  const registration = await navigator.serviceWorker.getRegistration();
  if (!registration) return "unsupported";
  const subscribed = await registration.pushManager.getSubscription();
  const known = devices.some((each) => each.id === localStorage.getItem(OWN));
  return subscribed && known ? "on" : "off";
}

/** Turns pushes on in this browser; the browser asks its user, so this follows a click. */
export async function turnOn(): Promise<Standing> {
  if ((await Notification.requestPermission()) !== "granted") return "blocked";
  const { pushManager } = await navigator.serviceWorker.ready;
  // What an earlier account left here ends with it.
  await (await pushManager.getSubscription())?.unsubscribe();
  const { key } = await get<{ key: string }>("/notifications/push-key");
  const made = await pushManager.subscribe({ userVisibleOnly: true, applicationServerKey: key });
  const { endpoint, keys } = made.toJSON();
  const { data } = await post<PushDevice>("/notifications/devices", {
    name: browserName(navigator.userAgent),
    endpoint,
    keys,
  });
  localStorage.setItem(OWN, data.id);
  return "on";
}

/** Turns pushes off in this browser, for the server as well where it can be reached. */
export async function turnOff(): Promise<void> {
  const id = localStorage.getItem(OWN);
  localStorage.removeItem(OWN);
  const registration = await navigator.serviceWorker?.getRegistration();
  await (await registration?.pushManager?.getSubscription())?.unsubscribe();
  if (id) await remove(`/notifications/devices/${id}`).catch(() => undefined);
}

/** "Firefox on Linux", from what a browser says of itself. */
export function browserName(agent: string): string {
  const first = (names: Record<string, RegExp>, otherwise: string): string =>
    Object.keys(names).find((name) => names[name]!.test(agent)) ?? otherwise;
  const browser = first(
    { Edge: /Edg\//, Opera: /OPR\//, Firefox: /Firefox\//, Chrome: /Chrome\//, Safari: /Safari\// },
    "Browser",
  );
  const system = first(
    { Android: /Android/, iOS: /iPhone|iPad/, Windows: /Windows/, macOS: /Mac OS/, Linux: /Linux/ },
    "",
  );
  return system ? `${browser} on ${system}` : browser;
}
