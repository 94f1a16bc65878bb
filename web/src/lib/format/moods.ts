/** Moods and energy in words; numbers alone tell nobody how it was. */
export const MOODS = ["Very low", "Low", "So-so", "Good", "Very good"] as const;
export const ENERGIES = ["Drained", "Tired", "Even", "Lively", "Full"] as const;
/** Words to begin with; one may write one's own. */
export const WORDS = ["calm", "grateful", "proud", "focused", "tired", "stressed", "sad", "angry"];

/** "Good", for a mood from 1 to 5. */
export function moodWord(mood: number): string {
  return MOODS[Math.round(mood) - 1] ?? "";
}

export function energyWord(energy: number): string {
  return ENERGIES[Math.round(energy) - 1] ?? "";
}
