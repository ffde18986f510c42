/**
 * The page that a learning platform opens (SCORM 1.2): a problem in a frame, whose verdicts are
 * passed on to the platform. It never takes back what was reached before.
 */
import type { Report } from "../page/embedding";

/** What the platform offers; every value is text, and "false" means that it went wrong. */
interface Api {
  LMSInitialize(parameter: ""): string;
  LMSGetValue(element: string): string;
  LMSSetValue(element: string, value: string): string;
  LMSCommit(parameter: ""): string;
  LMSFinish(parameter: ""): string;
  LMSGetLastError(): string;
  LMSGetErrorString(code: string): string;
}

const words = {
  alone:
    "No learning platform opened this page, so nothing is reported. You can practise all the same.",
  reporting: "Your results are reported to your course.",
  reported: (score: number) => `Reported to your course: ${score} of 100 points.`,
  refused: (why: string) =>
    `Your course did not accept the result (${why}). Tell your teacher; your code is safe here.`,
};

const DEPTH = 50; // frames between this one and the platform's

function apiIn(start: Window): Api | undefined {
  let current = start;
  for (let depth = 0; depth < DEPTH; depth++) {
    try {
      const api = (current as Window & { API?: Api }).API;
      if (api) return api;
    } catch {
      return undefined; // a page of another origin: what is above it cannot be asked
    }
    if (current.parent === current) return undefined;
    current = current.parent;
  }
  return undefined;
}

class Course {
  readonly #started = Date.now();
  #best = 0;
  #open = true;

  constructor(
    private readonly api: Api,
    private readonly say: (text: string) => void,
  ) {
    this.#check(api.LMSInitialize(""));
    this.#best = Number(api.LMSGetValue("cmi.core.score.raw")) || 0;
    if (!this.#completed) this.#set("cmi.core.lesson_status", "incomplete");
    this.#check(api.LMSCommit(""));
  }

  /** A run has ended; the best one counts. */
  report(results: Record<string, string>): void {
    const statuses = Object.values(results);
    const passed = statuses.filter((status) => status === "passed").length;
    const score = Math.floor((100 * passed) / statuses.length);
    this.#best = Math.max(this.#best, score);
    const done = [
      this.#set("cmi.core.score.min", "0"),
      this.#set("cmi.core.score.max", "100"),
      this.#set("cmi.core.score.raw", String(this.#best)),
      score < 100 || this.#set("cmi.core.lesson_status", "passed"),
      this.#check(this.api.LMSCommit("")),
    ];
    if (done.every(Boolean)) this.say(words.reported(this.#best));
  }

  /** The learner leaves, perhaps to come back. */
  end(): void {
    if (!this.#open) return;
    this.#open = false;
    this.#set("cmi.core.exit", "suspend");
    this.#set("cmi.core.session_time", duration(Date.now() - this.#started));
    this.api.LMSFinish("");
  }

  get #completed(): boolean {
    return ["passed", "completed"].includes(this.api.LMSGetValue("cmi.core.lesson_status"));
  }

  #set(element: string, value: string): boolean {
    return this.#check(this.api.LMSSetValue(element, value));
  }

  #check(answer: string): boolean {
    const fine = String(answer) === "true";
    if (!fine) {
      const code = this.api.LMSGetLastError();
      this.say(words.refused(this.api.LMSGetErrorString(code) || `error ${code}`));
    }
    return fine;
  }
}

/** Milliseconds as SCORM writes them: 0000:05:07. */
function duration(milliseconds: number): string {
  const seconds = Math.floor(milliseconds / 1000);
  const parts = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60];
  return parts.map((part, place) => String(part).padStart(place ? 2 : 4, "0")).join(":");
}

function start(frame: HTMLIFrameElement, note: HTMLElement): void {
  const say = (text: string) => {
    note.textContent = text;
  };
  const api = apiIn(window) ?? (window.opener ? apiIn(window.opener as Window) : undefined);
  say(api ? words.reporting : words.alone);
  if (api) {
    const course = new Course(api, say);
    window.addEventListener("message", (event: MessageEvent<Report>) => {
      if (event.origin !== location.origin || event.source !== frame.contentWindow) return;
      if (event.data.type === "gradlet:verdict") course.report(event.data.results);
    });
    window.addEventListener("pagehide", () => course.end());
  }
  frame.src = `${frame.dataset.src}?embed=${encodeURIComponent(location.origin)}`;
}

const frame = document.querySelector<HTMLIFrameElement>("#problem");
const note = document.querySelector<HTMLElement>("#note");
if (frame && note) start(frame, note);
