/** In development only: reload when the site has been built anew, and say what `check` found. */
import { Strip, type Verdict } from "./strip";

const slug = /\/problems\/([^/]+)\/$/.exec(location.pathname)?.[1];
const strip = new Strip();
const events = new EventSource("/-/events");
let connected = false;

function listen<Data>(name: string, hear: (data: Data) => void): void {
  events.addEventListener(name, ({ data }: MessageEvent<string>) => hear(JSON.parse(data) as Data));
}

events.addEventListener("open", () => {
  if (connected) location.reload(); // the server has come back
  connected = true;
});
listen("built", () => location.reload());
listen<string>("failed", (trouble) => strip.say("failed", "The site stays as it was", [trouble]));
listen<Verdict>("checking", (problem) => {
  if (problem.slug === slug) strip.say("checking", "Checking …");
});
listen<Verdict>("checked", (verdict) => {
  if (verdict.slug !== slug) return;
  strip.say(verdict.ok ? "passed" : "failed", verdict.says, verdict.errors);
});
