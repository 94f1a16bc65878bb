export type Overlay = "add" | "leave" | "palette" | "refused" | "shortcuts";

/** Which dialog that belongs to no page is open. The task dialog lives in the address instead. */
class Overlays {
  current = $state<Overlay | null>(null);

  open(overlay: Overlay): void {
    this.current = overlay;
  }

  close(): void {
    this.current = null;
  }
}

export const overlays = new Overlays();
