import type { Route } from "./lib/state/routing";

/** Every page and its address. A page is a component in `pages/` that takes `params`. */
export const ROUTES: readonly Route[] = [
  { path: "/login", title: "Sign in", open: true, page: () => import("./pages/Login.svelte") },
  {
    path: "/register",
    title: "Welcome",
    open: true,
    page: () => import("./pages/Register.svelte"),
  },
  {
    path: "/forgot-password",
    title: "Forgotten password",
    open: true,
    page: () => import("./pages/ForgotPassword.svelte"),
  },
  {
    path: "/reset-password",
    title: "New password",
    open: true,
    page: () => import("./pages/ResetPassword.svelte"),
  },
  {
    path: "/confirm-email",
    title: "Confirm e-mail",
    open: true,
    page: () => import("./pages/ConfirmEmail.svelte"),
  },
  {
    path: "/accept-invitation",
    title: "Invitation",
    open: true,
    page: () => import("./pages/AcceptInvitation.svelte"),
  },
  { path: "/today", title: "Today", page: () => import("./pages/Today.svelte") },
  { path: "/upcoming", title: "Upcoming", page: () => import("./pages/Upcoming.svelte") },
  { path: "/welcome", title: "Welcome", bare: true, page: () => import("./pages/Welcome.svelte") },
  { path: "/goals", title: "Goals", page: () => import("./pages/Goals.svelte") },
  { path: "/goals/:id", title: "Goal", page: () => import("./pages/Goal.svelte") },
  { path: "/habits", title: "Habits", page: () => import("./pages/Habits.svelte") },
  { path: "/habits/:id", title: "Habit", page: () => import("./pages/Habit.svelte") },
  { path: "/proposals/:id", title: "Plan", page: () => import("./pages/Proposal.svelte") },
  { path: "/inbox", title: "Inbox", page: () => import("./pages/Inbox.svelte") },
  { path: "/search", title: "Search", page: () => import("./pages/Search.svelte") },
  { path: "/filters", title: "Filters", page: () => import("./pages/Filters.svelte") },
  { path: "/filters/:id", title: "Filter", page: () => import("./pages/Filter.svelte") },
  { path: "/areas", title: "Life areas", page: () => import("./pages/Areas.svelte") },
  { path: "/areas/:id", title: "Life area", page: () => import("./pages/Area.svelte") },
  { path: "/projects/:id", title: "Project", page: () => import("./pages/Project.svelte") },
  { path: "/coach", title: "Coach", page: () => import("./pages/Coach.svelte") },
  { path: "/coach/:id", title: "Coach", page: () => import("./pages/Coach.svelte") },
  { path: "/stories", title: "Stories", page: () => import("./pages/Stories.svelte") },
  { path: "/stories/:id", title: "Story", page: () => import("./pages/Story.svelte") },
  { path: "/notes", title: "Notes", page: () => import("./pages/Notes.svelte") },
  { path: "/journal", title: "Journal", page: () => import("./pages/Journal.svelte") },
  { path: "/templates", title: "Templates", page: () => import("./pages/Templates.svelte") },
  { path: "/history", title: "History", page: () => import("./pages/History.svelte") },
  { path: "/trash", title: "Trash", page: () => import("./pages/Trash.svelte") },
  { path: "/settings", title: "Settings", page: () => import("./pages/Settings.svelte") },
  { path: "/settings/:section", title: "Settings", page: () => import("./pages/Settings.svelte") },
];

export const HOME = "/today";
