import { list, post, remove } from "../api/client";
import type { ApiToken, Session } from "../api/types";
import { Form } from "./form.svelte";
import { useResource } from "./resource.svelte";
import { toasts } from "./toasts.svelte";

/** Where somebody is signed in, the tokens they have given away, and the one they are making. */
export class Tokens {
  readonly sessions = useResource("sessions", () => list<Session>("/auth/sessions"));
  readonly form = new Form();
  name = $state("");
  days = $state("90");
  /** The token just made; its text is shown this once. */
  made = $state.raw<ApiToken>();

  /** Ends a session or a token, and says so. */
  async revoke(row: Session, said: string): Promise<void> {
    try {
      await remove(`/auth/sessions/${row.id}`);
      toasts.say(said);
      await this.sessions.refresh();
    } catch (error) {
      toasts.fail(error);
    }
  }

  /** Makes a token with these rights under the name and for the days that were typed in. */
  async make(rights: object): Promise<void> {
    const saved = await this.form.send(async () => {
      const body = { name: this.name.trim(), ...rights, expires_in_days: Number(this.days) };
      this.made = (await post<ApiToken>("/auth/tokens", body)).data;
    });
    if (!saved) return;
    this.name = "";
    await this.sessions.refresh();
  }
}
