import { asProblem, type Problem } from "../api/problem";

/** One form's sending: busy while it runs, and the problem it ended with. */
export class Form {
  busy = $state(false);
  problem = $state.raw<Problem>();

  /** Runs `work` unless it already runs; true when it succeeded. */
  async send(work: () => Promise<void>): Promise<boolean> {
    if (this.busy) return false;
    this.busy = true;
    this.problem = undefined;
    try {
      await work();
      return true;
    } catch (error) {
      this.problem = asProblem(error);
      return false;
    } finally {
      this.busy = false;
    }
  }

  /** The message that belongs to no single field shown. */
  general(...fields: string[]): string | undefined {
    if (!this.problem || fields.some((field) => this.problem?.field(field))) return undefined;
    return this.problem.detail;
  }
}
