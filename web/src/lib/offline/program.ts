/** Keeps the program on this device, and says when a newer one has arrived. */
import { toasts } from "../state/toasts.svelte";

const ADDRESS = "/sw.js";

interface TrustedTypes {
  createPolicy(
    name: string,
    rules: { createScriptURL: (address: string) => string },
  ): { createScriptURL(address: string): string };
}

/** The server's policy lets no address become code but by a policy of a name it knows. */
function trusted(address: string): string {
  const { trustedTypes } = window as { trustedTypes?: TrustedTypes };
  const policy = trustedTypes?.createPolicy("selfos-worker", { createScriptURL: () => ADDRESS });
  return policy?.createScriptURL(address) ?? address;
}

/** Browsers keep programs of secure origins alone; elsewhere nothing happens. */
export async function keepProgram(): Promise<void> {
  if (!import.meta.env.PROD || !("serviceWorker" in navigator)) return;
  const { serviceWorker } = navigator;
  if (serviceWorker.controller) serviceWorker.addEventListener("controllerchange", announce);
  await serviceWorker.register(trusted(ADDRESS)).catch(() => undefined);
}

/** Asks whether there is a newer build; a server that went away may have been updated. */
export async function lookForUpdate(): Promise<void> {
  const registration = await navigator.serviceWorker?.getRegistration();
  await registration?.update().catch(() => undefined);
}

function announce(): void {
  const reload = { label: "Reload", run: () => location.reload() };
  toasts.say("SelfOS was updated. This page goes on as it is until you reload it.", [reload]);
}
