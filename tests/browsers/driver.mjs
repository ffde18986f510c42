// Drives Chromium or Firefox for engines.py, which has no BiDi of its own. Arguments: the
// browser's name, its program, its flags. A line of JSON in, {open} or {evaluate}, a line out:
// {value} or {error}. The first line out is the browser's version.
import { createInterface } from "node:readline";
import puppeteer from "puppeteer-core";

const [name, executablePath, ...args] = process.argv.slice(2);
const browser = await puppeteer.launch({ browser: name, executablePath, args, headless: true });
const page = await browser.newPage();
page.setDefaultTimeout(120_000);

async function answer({ open, evaluate }) {
  if (open) await page.goto(open);
  return evaluate ? await page.evaluate(evaluate) : null;
}

const say = (value) => process.stdout.write(`${JSON.stringify(value)}\n`);
say({ value: await browser.version() });
for await (const line of createInterface({ input: process.stdin })) {
  try {
    say({ value: (await answer(JSON.parse(line))) ?? null });
  } catch (error) {
    say({ error: String(error) });
  }
}
await browser.close();
