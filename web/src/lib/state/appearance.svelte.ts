export type Appearance = "light" | "dark" | "system";

const APPEARANCE_KEY = "selfos.appearance";
const LETTERS_KEY = "selfos.letter-keys";
const REPEATS_KEY = "selfos.repeats";

/** What this device looks and feels like; kept on the device, not in the account. */
class DeviceSettings {
  appearance = $state<Appearance>((localStorage.getItem(APPEARANCE_KEY) as Appearance) ?? "system");
  letterKeys = $state(localStorage.getItem(LETTERS_KEY) !== "off");
  /** Whether Upcoming names what repeats on each of its days, or once. */
  repeats = $state(localStorage.getItem(REPEATS_KEY) === "on");

  apply(): void {
    document.documentElement.dataset.appearance = this.appearance;
  }

  setAppearance(appearance: Appearance): void {
    this.appearance = appearance;
    localStorage.setItem(APPEARANCE_KEY, appearance);
    this.apply();
  }

  setLetterKeys(on: boolean): void {
    this.letterKeys = on;
    localStorage.setItem(LETTERS_KEY, on ? "on" : "off");
  }

  setRepeats(on: boolean): void {
    this.repeats = on;
    localStorage.setItem(REPEATS_KEY, on ? "on" : "off");
  }
}

export const device = new DeviceSettings();
