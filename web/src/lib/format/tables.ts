/** What a table has under a name that somebody typed; a name such as "constructor" has nothing. */
export function entry<T>(table: Readonly<Record<string, T>>, name: string): T | undefined {
  return Object.hasOwn(table, name) ? table[name] : undefined;
}
