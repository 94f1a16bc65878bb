import { list } from "../api/client";
import type { Area, Goal, Hue, Label, Project, SavedFilter, Task } from "../api/types";
import { asProblem, type Problem } from "../api/problem";

/** The small tables that every page needs: areas, projects, goals, labels and filters. */
class Library {
  areas = $state.raw<Area[]>([]);
  projects = $state.raw<Project[]>([]);
  goals = $state.raw<Goal[]>([]);
  labels = $state.raw<Label[]>([]);
  filters = $state.raw<SavedFilter[]>([]);
  ready = $state(false);
  problem = $state.raw<Problem>();

  #areas = $derived(new Map(this.areas.map((area) => [area.id, area])));
  #projects = $derived(new Map(this.projects.map((project) => [project.id, project])));
  #goals = $derived(new Map(this.goals.map((goal) => [goal.id, goal])));

  /** Reads the lists again; one that fails keeps what it had and costs the others nothing. */
  async refresh(): Promise<void> {
    const reads = await Promise.allSettled([
      list<Area>("/areas").then((rows) => (this.areas = rows)),
      list<Project>("/projects").then((rows) => (this.projects = rows)),
      list<Goal>("/goals").then((rows) => (this.goals = rows)),
      list<Label>("/labels").then((rows) => (this.labels = rows)),
      list<SavedFilter>("/filters").then((rows) => (this.filters = rows)),
    ]);
    const [areas, projects, goals] = reads;
    const failed = [areas, projects, goals].find((read) => read.status === "rejected");
    this.problem = failed ? asProblem(failed.reason) : undefined;
    if (!failed) this.ready = true;
  }

  forget(): void {
    this.areas = [];
    this.projects = [];
    this.goals = [];
    this.labels = [];
    this.filters = [];
    this.ready = false;
  }

  area(id: string | null | undefined): Area | undefined {
    return id ? this.#areas.get(id) : undefined;
  }

  project(id: string | null | undefined): Project | undefined {
    return id ? this.#projects.get(id) : undefined;
  }

  goal(id: string | null | undefined): Goal | undefined {
    return id ? this.#goals.get(id) : undefined;
  }

  areaOfProject(project: Project | undefined): Area | undefined {
    return this.area(project?.area_id);
  }

  areaOfGoal(goal: Goal | undefined): Area | undefined {
    return this.area(goal?.area_id) ?? this.areaOfProject(this.project(goal?.project_id));
  }

  /** The life area a task belongs to: its own, else its goal's, else its project's. */
  areaOf(task: Task): Area | undefined {
    return (
      this.area(task.area_id) ??
      this.areaOfGoal(this.goal(task.goal_id)) ??
      this.areaOfProject(this.project(task.project_id))
    );
  }

  hueOf(task: Task): Hue | undefined {
    return this.areaOf(task)?.color;
  }
}

export const library = new Library();
