import BookOpen from "@lucide/svelte/icons/book-open";
import Brain from "@lucide/svelte/icons/brain";
import Briefcase from "@lucide/svelte/icons/briefcase";
import Camera from "@lucide/svelte/icons/camera";
import Circle from "@lucide/svelte/icons/circle";
import Code from "@lucide/svelte/icons/code";
import Dumbbell from "@lucide/svelte/icons/dumbbell";
import Flower from "@lucide/svelte/icons/flower-2";
import Gamepad from "@lucide/svelte/icons/gamepad-2";
import GraduationCap from "@lucide/svelte/icons/graduation-cap";
import HandHeart from "@lucide/svelte/icons/hand-heart";
import Heart from "@lucide/svelte/icons/heart";
import HeartPulse from "@lucide/svelte/icons/heart-pulse";
import House from "@lucide/svelte/icons/house";
import Leaf from "@lucide/svelte/icons/leaf";
import Moon from "@lucide/svelte/icons/moon";
import Music from "@lucide/svelte/icons/music";
import Palette from "@lucide/svelte/icons/palette";
import PiggyBank from "@lucide/svelte/icons/piggy-bank";
import Plane from "@lucide/svelte/icons/plane";
import Rocket from "@lucide/svelte/icons/rocket";
import Sparkles from "@lucide/svelte/icons/sparkles";
import Sprout from "@lucide/svelte/icons/sprout";
import Users from "@lucide/svelte/icons/users";
import type { Component } from "svelte";

type Icon = Component<{ size?: number; strokeWidth?: number }>;

/** The icons offered for life areas, by their Lucide names. */
export const AREA_ICONS: Record<string, Icon> = {
  "heart-pulse": HeartPulse,
  dumbbell: Dumbbell,
  moon: Moon,
  leaf: Leaf,
  briefcase: Briefcase,
  rocket: Rocket,
  code: Code,
  brain: Brain,
  "book-open": BookOpen,
  "graduation-cap": GraduationCap,
  "piggy-bank": PiggyBank,
  users: Users,
  heart: Heart,
  "hand-heart": HandHeart,
  house: House,
  "flower-2": Flower,
  palette: Palette,
  music: Music,
  camera: Camera,
  "gamepad-2": Gamepad,
  plane: Plane,
  sprout: Sprout,
  sparkles: Sparkles,
};

export function areaIcon(name: string): Icon {
  return AREA_ICONS[name] ?? Circle;
}
