/**
 * The filter language without the server, for tasks: the same grammar, and of its words those that
 * the rows of this device decide exactly. The others are refused where they stand.
 */
import { Problem } from "../api/problem";
import type { FilterSections, Task } from "../api/types";
import { type Here, isSortable, orderBy, placeTest, readEnd } from "./filterWords";
import { stateTest, type Test, valueOf, wordTest } from "./filterWords";
import { shownTask } from "./numbers";
import { isOpen } from "./world";

const MOST_SHOWN = 200;
const MOST_CONDITIONS = 50;
const LONGEST_TEXT = 1_000;
const SETTLED = ["done", "completed", "cancelled", "dropped", "open"];
const COMPARED = ["due", "deadline", "start", "created", "priority", "duration"];
const SIGNS = /##|[#@~^]/y;
const BARE = /[^\s()|&,"]+/y;
const LISTED = /[^\s()|&,"]+(?:,[^\s()|&,"]+)*/y;
const NAME = /[^\s()|&,"/]+/y;
const QUALIFIER = /([A-Za-z_]+):(?!\/\/)/y;
const QUOTED = /"((?:[^"\\]|\\.)*)"/sy;

interface Section {
  text: string;
  test: Test;
  saysSettled: boolean;
  saysArchived: boolean;
}

interface Asked {
  sections: Section[];
  sort: string[];
  limit: number | null;
}

/** What a filter finds here; a Problem for one that does not read, or that needs the server. */
export function findHere(here: Here, text: string): FilterSections {
  const { sections, sort, limit } = new Reader(here, text).read();
  const order = orderBy(sort.length > 0 ? sort : ["rank"]);
  const tasks = here.world.all("task").filter((task) => task.deleted_at === null);
  const find = ({ test, saysSettled, saysArchived }: Section): Task[] =>
    tasks
      .filter((task) => (saysSettled || isOpen(task)) && (saysArchived || !task.archived_at))
      .filter(test)
      .sort(order)
      .slice(0, limit ?? MOST_SHOWN)
      .map((task) => shownTask(here.world, task));
  return {
    text: text.trim(),
    sections: sections.map((section) => ({
      kind: "task" as const,
      text: section.text,
      groups: [{ key: null, title: null, items: find(section) }],
      next_cursor: null,
    })),
  };
}

const either = (a: Test, b: Test): Test => (task) => a(task) || b(task);
const both = (a: Test, b: Test): Test => (task) => a(task) && b(task);

class Reader {
  #at = 0;
  #inside = 0;
  #conditions = 0;
  #says = new Set<string>();
  #sort: string[] = [];
  #limit: number | null = null;

  constructor(
    private readonly here: Here,
    private readonly text: string,
  ) {}

  read(): Asked {
    const sections: Section[] = [];
    if ([...this.text].length > LONGEST_TEXT)
      this.#fail(`A filter has at most ${LONGEST_TEXT} characters.`, 0);
    while (this.#next() || this.text.slice(0, this.#at).trim()) {
      const start = this.#at;
      this.#says = new Set();
      const test = this.#expression(0);
      const says = [...this.#says];
      if (test)
        sections.push({
          text: this.text.slice(start, this.#at).trim(),
          test,
          saysSettled: says.some((word) => SETTLED.includes(word)),
          saysArchived: says.includes("archived"),
        });
      if (!this.#next()) break;
      if (this.#next() === ")") this.#fail("There is no `(` for this `)`.", this.#at);
      this.#at += 1;
    }
    const all = { text: "*", test: () => true, saysSettled: false, saysArchived: false };
    return { sections: sections.length ? sections : [all], sort: this.#sort, limit: this.#limit };
  }

  /** Operands joined by operators that bind tighter; null if all were settings. */
  #expression(tightness: number): Test | null {
    let left = this.#operand();
    for (;;) {
      const operator = this.#next();
      if (!operator || ",)".includes(operator)) return left;
      const binding = operator === "|" ? 1 : 2;
      if (binding <= tightness) return left;
      const at = this.#at;
      if ("|&".includes(operator)) this.#at += 1;
      const right = this.#expression(binding);
      if (operator === "|" && !(left && right))
        this.#fail("`|` needs a condition on either side.", at);
      if (left && right) left = operator === "|" ? either(left, right) : both(left, right);
      else left ??= right;
    }
  }

  #operand(): Test | null {
    const sign = this.#next();
    const start = this.#at;
    this.#conditions += 1;
    if (this.#conditions > MOST_CONDITIONS)
      this.#fail(`A filter has at most ${MOST_CONDITIONS} conditions.`, start);
    if (!sign || "|&,)".includes(sign)) this.#fail("A condition is missing here.", start);
    if (sign === "(") return this.#brackets(start);
    const following = this.text[start + 1];
    if (sign === "!" || (sign === "-" && following && following.trim())) return this.#negation();
    const place = this.#take(SIGNS);
    if (place) return this.#place(place[0], start);
    if (sign === '"') return this.#word(this.#phrase(), true, start);
    const qualifier = this.#take(QUALIFIER);
    if (qualifier) return this.#qualifier(qualifier[1]!.toLowerCase(), start);
    const word = this.#take(BARE)?.[0] ?? "";
    if (word === "*") return () => true;
    const priority = /^p([1-4])$/i.exec(word);
    if (priority) return (task) => task.priority === Number(priority[1]);
    return this.#word(word, false, start);
  }

  #brackets(start: number): Test | null {
    this.#at += 1;
    this.#inside += 1;
    const inner = this.#expression(0);
    this.#inside -= 1;
    if (this.#next() !== ")") this.#fail("This `(` is not closed.", start);
    this.#at += 1;
    return inner;
  }

  #negation(): Test | null {
    this.#at += 1;
    this.#inside += 1;
    const part = this.#operand();
    this.#inside -= 1;
    return part && ((task) => !part(task));
  }

  #place(sign: string, start: number): Test {
    const isProject = sign.startsWith("#");
    const named = (): string =>
      this.text[this.#at] === '"' ? this.#phrase() : (this.#take(NAME)?.[0] ?? "");
    let name = named();
    let phase: string | undefined;
    if (isProject && this.text[this.#at] === "/") {
      this.#at += 1;
      phase = named();
    }
    while (!isProject && this.text[this.#at] === "/") name += this.#take(BARE)![0];
    if (!name.trim() || phase?.trim() === "")
      this.#fail(`A name is missing behind \`${sign}\`.`, start, Math.max(this.#at, start + 1));
    return placeTest(this.here, sign, name, phase);
  }

  #qualifier(field: string, start: number): Test | null {
    const quoted = this.text[this.#at] === '"';
    const value = quoted ? this.#phrase() : (this.#take(field === "sort" ? LISTED : BARE)?.[0] ?? "");
    if (["sort", "limit"].includes(field)) return this.#setting(field, value, start);
    if (field === "text") return this.#word(value, quoted, start);
    const word = value.toLowerCase();
    if (field === "assignee" && ["me", "none"].includes(word)) {
      const wanted = word === "me" ? this.here.me.user.id : null;
      return (task) => task.assignee_id === wanted;
    }
    if (COMPARED.includes(field)) return this.#compared(field, value, start);
    const test = stateTest(this.here, field, word);
    if (!test) this.#away(start);
    if (field === "is") this.#says.add(word);
    return test;
  }

  #setting(field: string, value: string, start: number): null {
    if (this.#inside)
      this.#fail(`\`${field}:\` is about the whole filter; take it out of here.`, start, this.#at);
    const said = field === "limit" ? this.#limit !== null : this.#sort.length > 0;
    if (said) this.#fail(`\`${field}:\` stands here twice.`, start, this.#at);
    if (field === "limit") {
      if (!/^[1-9]\d{0,2}$/.test(value) || Number(value) > MOST_SHOWN)
        this.#fail(`\`limit:\` takes a number from 1 to ${MOST_SHOWN}.`, start, this.#at);
      this.#limit = Number(value);
      return null;
    }
    const names = value.toLowerCase().split(",");
    const bare = names.map((name) => name.replace(/^-/, ""));
    if (!bare.every(isSortable)) this.#away(start);
    if (new Set(bare).size < bare.length)
      this.#fail("`sort:` names something twice.", start, this.#at);
    this.#sort = names;
    return null;
  }

  #compared(field: string, text: string, start: number): Test {
    const value = valueOf(this.here, field)!;
    const end = (part: string): string | number =>
      readEnd(this.here, field, part) ??
      this.#fail(`\`${field}:\` cannot be read here.`, start, this.#at);
    const within = (test: (found: string | number) => boolean): Test => {
      return (task) => {
        const found = value(task);
        return found !== null && test(found);
      };
    };
    const dots = text.indexOf("..");
    if (dots >= 0) {
      const [from, to] = [text.slice(0, dots), text.slice(dots + 2)];
      if (!from && !to) end("");
      const [low, high] = [from ? end(from) : null, to ? end(to) : null];
      return within((it) => (low === null || it >= low) && (high === null || it <= high));
    }
    const [, sign, rest] = /^(<=|>=|<|>|=)?(.*)$/s.exec(text)!;
    const wanted = end(rest!);
    if (sign === "<") return within((it) => it < wanted);
    if (sign === "<=") return within((it) => it <= wanted);
    if (sign === ">") return within((it) => it > wanted);
    if (sign === ">=") return within((it) => it >= wanted);
    return within((it) => it === wanted);
  }

  #word(text: string, exact: boolean, start: number): Test {
    if (!/[\p{L}\p{N}]/u.test(text))
      this.#fail("Search looks at letters and digits; there are none here.", start, this.#at);
    return wordTest(text, exact);
  }

  #phrase(): string {
    const found = this.#take(QUOTED);
    if (!found) this.#fail("This quotation mark is not closed.", this.#at);
    return found[1]!.replace(/\\(.)/gs, "$1");
  }

  /** The sign after the blanks, or nothing at the end. */
  #next(): string {
    this.#take(/\s*/y);
    return this.text[this.#at] ?? "";
  }

  #take(pattern: RegExp): RegExpExecArray | null {
    pattern.lastIndex = this.#at;
    const found = pattern.exec(this.text);
    if (found) this.#at += found[0].length;
    return found;
  }

  #away(start: number): never {
    const said = this.text.slice(start, this.#at);
    this.#fail(`\`${said}\` needs the server, which cannot be reached now.`, start, this.#at);
  }

  /** Points at one character unless an end is given; the page counts whole characters. */
  #fail(detail: string, start: number, end = start + 1): never {
    const count = (to: number): number => [...this.text.slice(0, to)].length;
    const place = { start: count(start), end: Math.min(count(end), [...this.text].length) };
    throw new Problem(422, detail, [], [], { detail, ...place, suggestion: null, fixed: null });
  }
}
