import type { NotificationKind } from "../api/types";
import { entry } from "./tables";

/** What the page says on which a mail of one kind is stopped. Whoever opens it may be no one here. */
interface Words {
  title: string;
  /** What is asked, around the name of the kind if it is known. */
  ask: [string, string];
  askUnnamed: string;
  stop: string;
  done: string;
  choose: string;
  noSuch: string;
  kinds: Record<NotificationKind, string>;
}

const ENGLISH: Words = {
  title: "Mails from SelfOS",
  ask: ["No more mails of this kind: ", "?"],
  askUnnamed: "No more mails of the kind you came from?",
  stop: "Stop these mails",
  done: "Done: no more mails of this kind. Your inbox and your other ways stay as they are.",
  choose: "Choose what you are told, and how",
  noSuch: "This link is not one of ours; choose what you are told in Settings, Notifications.",
  kinds: {
    task_reminder: "Reminders of tasks",
    goal_reminder: "Reminders of goals",
    calendar_reminder: "Reminders of appointments",
    habit_reminder: "Times of habits",
    habit_window: "When a habit’s part of the day begins",
    overdue: "Many late reminders, as one",
    mention: "Comments that mention you",
    message: "Messages and tests",
    morning_plan: "Plan of the morning",
    evening_record: "Record of the evening",
    weekly_review: "Review of the week",
    weekly_report: "Report of the week",
    monthly_report: "Report of the month",
    yearly_report: "Report of the year",
  },
};
const GERMAN: Words = {
  title: "Mails von SelfOS",
  ask: ["Keine Mails dieser Art mehr: ", "?"],
  askUnnamed: "Keine Mails der Art mehr, von der du kommst?",
  stop: "Diese Mails beenden",
  done: "Erledigt: keine Mails dieser Art mehr. Dein Eingang und die anderen Wege bleiben, wie sie sind.",
  choose: "Wähle, was dich wie erreicht",
  noSuch: "Dieser Link ist keiner von uns; wähle in den Einstellungen, was dich wie erreicht.",
  kinds: {
    task_reminder: "Erinnerungen an Aufgaben",
    goal_reminder: "Erinnerungen an Ziele",
    calendar_reminder: "Erinnerungen an Termine",
    habit_reminder: "Zeiten von Gewohnheiten",
    habit_window: "Wenn die Tageszeit einer Gewohnheit beginnt",
    overdue: "Viele späte Erinnerungen auf einmal",
    mention: "Kommentare, die dich erwähnen",
    message: "Nachrichten und Tests",
    morning_plan: "Plan am Morgen",
    evening_record: "Rückblick am Abend",
    weekly_review: "Rückblick auf die Woche",
    weekly_report: "Bericht der Woche",
    monthly_report: "Bericht des Monats",
    yearly_report: "Bericht des Jahres",
  },
};
const SPANISH: Words = {
  title: "Correos de SelfOS",
  ask: ["¿No más correos de este tipo: ", "?"],
  askUnnamed: "¿No más correos del tipo del que vienes?",
  stop: "No recibir más estos correos",
  done: "Hecho: no más correos de este tipo. Tu bandeja y tus otras vías siguen como están.",
  choose: "Elige qué te llega y cómo",
  noSuch: "Este enlace no es nuestro; elige en los ajustes qué te llega y cómo.",
  kinds: {
    task_reminder: "Recordatorios de tareas",
    goal_reminder: "Recordatorios de objetivos",
    calendar_reminder: "Recordatorios de citas",
    habit_reminder: "Horas de los hábitos",
    habit_window: "Cuando empieza el momento del día de un hábito",
    overdue: "Muchos recordatorios atrasados, en uno",
    mention: "Comentarios que te mencionan",
    message: "Mensajes y pruebas",
    morning_plan: "Plan de la mañana",
    evening_record: "Resumen de la tarde",
    weekly_review: "Repaso de la semana",
    weekly_report: "Informe de la semana",
    monthly_report: "Informe del mes",
    yearly_report: "Informe del año",
  },
};
const FRENCH: Words = {
  title: "Courriels de SelfOS",
  ask: ["Ne plus recevoir ce genre de courriels : ", " ?"],
  askUnnamed: "Ne plus recevoir de courriels du genre dont vous venez ?",
  stop: "Arrêter ces courriels",
  done: "C’est fait : plus de courriels de ce genre. Votre boîte de réception et vos autres moyens restent tels quels.",
  choose: "Choisir ce qui vous parvient, et comment",
  noSuch: "Ce lien n’est pas l’un des nôtres ; choisissez dans les réglages ce qui vous parvient.",
  kinds: {
    task_reminder: "Rappels de tâches",
    goal_reminder: "Rappels d’objectifs",
    calendar_reminder: "Rappels de rendez-vous",
    habit_reminder: "Heures des habitudes",
    habit_window: "Quand commence le moment de la journée d’une habitude",
    overdue: "Beaucoup de rappels en retard, en un seul",
    mention: "Commentaires qui vous citent",
    message: "Messages et essais",
    morning_plan: "Plan du matin",
    evening_record: "Bilan du soir",
    weekly_review: "Revue de la semaine",
    weekly_report: "Rapport de la semaine",
    monthly_report: "Rapport du mois",
    yearly_report: "Rapport de l’année",
  },
};
const LANGUAGES = { en: ENGLISH, de: GERMAN, es: SPANISH, fr: FRENCH };
export type Language = keyof typeof LANGUAGES;

/** The first language wished for that we speak, else English; wishes are such as "de-AT". */
export function languageOf(wishes: readonly (string | null)[]): Language {
  for (const wish of wishes) {
    const language = wish?.split(/[-_]/)[0]?.toLowerCase() ?? "";
    if (Object.hasOwn(LANGUAGES, language)) return language as Language;
  }
  return "en";
}

export function wordsIn(language: Language): Words {
  return LANGUAGES[language];
}

/** Of what kind the mails are, in words; undefined for what is none. */
export function kindIn(words: Words, kind: string | null): string | undefined {
  return kind === null ? undefined : entry(words.kinds, kind);
}
