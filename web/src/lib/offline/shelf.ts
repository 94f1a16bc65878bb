/** What this device keeps between visits: a database for each user and workspace. */
import type { Me } from "../api/types";
import type { Queued } from "./wire";
import type { Stored } from "./world";

export interface Facts {
  /** This device, as the server knows it. */
  device: string;
  /** How far this copy has read the ledger; null before the first reading. */
  cursor: number | null;
  /** Which kinds of rows it was read with; other programs keep others. */
  shape: number | null;
  /** The latest stamp made or seen. */
  stamp: string | null;
  /** Who the copy belongs to, so that the app opens without asking the server. */
  me: Me | null;
}

/** One step forward: all of it is kept, or nothing. */
export interface Change {
  /** Forget all rows first, since a full copy follows; or whatever the server has ever said. */
  clear?: "rows" | "all";
  rows?: Stored[];
  gone?: [entity: string, id: string][];
  ops?: Queued[];
  dropped?: string[];
  facts?: Partial<Facts>;
}

export interface Shelf {
  facts(): Promise<Partial<Facts>>;
  rows(): Promise<Stored[]>;
  ops(): Promise<Queued[]>;
  commit(change: Change): Promise<void>;
  close(): void;
}

const PREFIX = "selfos:";
const VERSION = 1;
/** Every row but what the server last answered where only it can reckon: arrays sort last. */
const BESIDE_ANSWERS = [
  () => IDBKeyRange.upperBound(["answer"], true),
  () => IDBKeyRange.lowerBound(["answer", []], true),
];
const STORES = ["rows", "ops", "facts"] as const;

function asked<T>(request: IDBRequest<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}

function finished(transaction: IDBTransaction): Promise<void> {
  return new Promise((resolve, reject) => {
    transaction.oncomplete = () => resolve();
    transaction.onabort = () => reject(transaction.error);
    transaction.onerror = () => reject(transaction.error);
  });
}

export async function openShelf(name: string): Promise<Shelf> {
  const opening = indexedDB.open(name, VERSION);
  opening.onupgradeneeded = () => {
    opening.result.createObjectStore("rows", { keyPath: ["entity", "id"] });
    opening.result.createObjectStore("ops", { keyPath: "id" });
    opening.result.createObjectStore("facts");
  };
  const database = await asked(opening);
  // Another tab signs out: let go, so that the copy can be deleted.
  database.onversionchange = () => database.close();
  return new DatabaseShelf(database);
}

class DatabaseShelf implements Shelf {
  constructor(private readonly database: IDBDatabase) {}

  async facts(): Promise<Partial<Facts>> {
    const store = this.database.transaction("facts").objectStore("facts");
    const [names, values] = await Promise.all([asked(store.getAllKeys()), asked(store.getAll())]);
    return Object.fromEntries(names.map((name, index) => [String(name), values[index]]));
  }

  rows(): Promise<Stored[]> {
    return asked(this.database.transaction("rows").objectStore("rows").getAll());
  }

  ops(): Promise<Queued[]> {
    return asked(this.database.transaction("ops").objectStore("ops").getAll());
  }

  commit(change: Change): Promise<void> {
    const transaction = this.database.transaction(STORES, "readwrite");
    const [rows, ops, facts] = STORES.map((name) => transaction.objectStore(name)) as [
      IDBObjectStore,
      IDBObjectStore,
      IDBObjectStore,
    ];
    if (change.clear === "all") rows.clear();
    if (change.clear === "rows") for (const range of BESIDE_ANSWERS) rows.delete(range());
    for (const key of change.gone ?? []) rows.delete(key);
    for (const row of change.rows ?? []) rows.put(row);
    for (const operation of change.ops ?? []) ops.put(operation);
    for (const id of change.dropped ?? []) ops.delete(id);
    for (const [name, value] of Object.entries(change.facts ?? {})) facts.put(value, name);
    return finished(transaction);
  }

  close(): void {
    this.database.close();
  }
}

/** Deletes every copy on this device, or all but one person's. */
export async function wipeShelves(except?: Me): Promise<void> {
  const known = (await indexedDB.databases()).map((each) => each.name ?? "");
  const mine = except && `${PREFIX}${except.user.id}:`;
  const names = known.filter((name) => name.startsWith(PREFIX) && !(mine && name.startsWith(mine)));
  await Promise.all(names.map(wipe));
}

/** Empties a copy before deleting it, since a tab that holds it open can delay the deletion. */
async function wipe(name: string): Promise<void> {
  const database = await asked(indexedDB.open(name)).catch(() => undefined);
  if (database?.objectStoreNames.length) {
    const transaction = database.transaction(STORES, "readwrite");
    for (const store of STORES) transaction.objectStore(store).clear();
    await finished(transaction);
  }
  database?.close();
  await new Promise((resolve) => {
    const deleting = indexedDB.deleteDatabase(name);
    deleting.onsuccess = deleting.onerror = deleting.onblocked = resolve;
  });
}
