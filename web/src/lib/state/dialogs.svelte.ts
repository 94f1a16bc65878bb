/** The open dialogs, innermost last; what lies outside the last one cannot be reached. */
class Dialogs {
  stack = $state<string[]>([]);

  push(id: string): () => void {
    this.stack = [...this.stack, id];
    return () => (this.stack = this.stack.filter((each) => each !== id));
  }

  isTop(id: string): boolean {
    return this.stack.at(-1) === id;
  }
}

export const dialogs = new Dialogs();
