// Drives Firefox through WebDriver BiDi and prints what it saw as JSON; tests/site/test_firefox.py judges it.
//
// usage: node firefox.mjs < JOB.json
// job: {modules, firefox, proxy, url, base, texts, vectors}
//   modules: the folder with puppeteer-core; proxy: port of the site's server, which answers as a proxy too
//   texts: {name: text} to be typed; vectors: texts whose documents are asked of the runtime

import { createRequire } from "node:module";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { text as read } from "node:stream/consumers";

const PATIENCE = 60_000;
const FIELD = "#classifier-input";
const LIVE = "#classifier-answer[data-state=live]:not([aria-busy])";

const job = JSON.parse(await read(process.stdin));
const found = createRequire(join(job.modules, "x.js")).resolve("puppeteer-core");
const { default: puppeteer } = await import(pathToFileURL(found).href);
const seen = { console: [], requests: [], failed: [] };

const browser = await puppeteer.launch({
  browser: "firefox",
  executablePath: job.firefox,
  headless: true,
  timeout: PATIENCE,
  protocolTimeout: 2 * PATIENCE,
  extraPrefsFirefox: {
    // All that the browser asks of the network reaches the site's server, whatever the host.
    "network.proxy.type": 1,
    "network.proxy.http": "127.0.0.1",
    "network.proxy.http_port": job.proxy,
    "network.proxy.ssl": "127.0.0.1",
    "network.proxy.ssl_port": job.proxy,
    "network.proxy.allow_hijacking_localhost": true,
    "network.proxy.no_proxies_on": "",
  },
});

function watch(page) {
  page.setDefaultTimeout(PATIENCE);
  page.on("console", (message) => {
    if (["error", "warn", "warning"].includes(message.type())) seen.console.push(message.text());
  });
  page.on("pageerror", (error) => seen.console.push(String(error)));
  page.on("request", (request) => seen.requests.push(request.url()));
  page.on("requestfailed", (request) => seen.failed.push(`${request.url()} ${request.failure()?.errorText}`));
  return page;
}

async function open(address = "") {
  const page = watch(await browser.newPage());
  await page.goto(job.url + address, { waitUntil: "load" });
  await page.waitForSelector("form#classifier[data-mounted]");
  return page;
}

// Waits until a function of the page gives true. page.waitForFunction() has text evaluated in the page, which the
// page's own policy forbids (seen in Firefox 140).
async function until(page, test, ...values) {
  for (const end = Date.now() + PATIENCE; Date.now() < end; ) {
    if (await page.evaluate(test, ...values)) return;
    await new Promise((done) => setTimeout(done, 20));
  }
  throw new Error(`did not come about: ${test}`);
}

const state = (page) =>
  page.evaluate(() => {
    const answer = document.querySelector("#classifier-answer");
    return {
      state: answer.dataset.state,
      html: answer.innerHTML,
      value: document.querySelector("#classifier-input").value,
      base: document.querySelector("form#classifier").dataset.base,
      title: document.title,
      url: location.href,
    };
  });

// Puts a text into the field as a paste does: at once, with one event.
async function paste(page, text) {
  await page.evaluate((value) => {
    const field = document.querySelector("#classifier-input");
    field.focus();
    field.value = value;
    field.dispatchEvent(new InputEvent("input", { bubbles: true, inputType: "insertFromPaste" }));
  }, text);
  await page.waitForSelector(LIVE);
  return state(page);
}

const flows = {
  async rendered(page) {
    return state(page);
  },

  async pasted(page) {
    const answers = {};
    for (const [name, text] of Object.entries(job.texts)) answers[name] = await paste(page, text);
    return answers;
  },

  // "/" leads to the field; typed key by key; Escape empties; Enter makes a step of the history; Tab goes on.
  async keyboard(page) {
    const type = async (text) => {
      await page.$eval(FIELD, (field) => (field.focus(), field.select()));
      await page.keyboard.type(text);
      await page.waitForSelector(LIVE);
      await page.keyboard.press("Enter");
      await until(page, (hash) => location.hash === hash, `#q=${encodeURIComponent(text)}`);
      return state(page);
    };
    await page.evaluate(() => document.activeElement.blur());
    await page.keyboard.press("/");
    const focused = await page.evaluate(() => document.activeElement.id);
    await page.keyboard.press("Escape");
    const emptied = await page.$eval(FIELD, (field) => field.value);
    await type("10.0.0.1:80");
    const answer = await type("10.0.0.2:80");
    await page.keyboard.press("Tab");
    const next = await page.evaluate(() => document.activeElement.textContent);
    await page.evaluate(() => history.back());
    await until(page, () => location.hash === "#q=10.0.0.1%3A80");
    await page.waitForSelector(LIVE);
    return { focused, emptied, answer, next, back: await state(page) };
  },

  async documents(page) {
    return page.evaluate(async (texts) => {
      const { runtime } = await import(document.querySelector("script[data-pyodide-client]").src);
      const documents = [];
      for (const text of texts) documents.push(await runtime.call("document", text));
      return documents;
    }, job.vectors);
  },

  // The page stays, its content changes, and the Python that runs goes on.
  async navigation(page) {
    await page.evaluate(() => (window.__same = true));
    const titles = [await page.title()];
    for (const title of ["Loopback", "Ports", "Classify"]) {
      await page.evaluate((wanted) => {
        const links = [...document.querySelectorAll(".md-tabs__link")];
        links.find((link) => link.textContent.trim() === wanted).click();
      }, title);
      await until(page, (part) => location.pathname.endsWith(part), `/${title.toLowerCase()}/`);
      await until(page, (before) => document.title !== before, titles.at(-1));
      titles.push(await page.title());
    }
    await page.waitForSelector("form#classifier[data-mounted]");
    const answer = await paste(page, "127.0.0.1");
    return { titles, same: await page.evaluate(() => window.__same === true), answer };
  },

  // "s" opens the search, what is typed is found, Enter goes there, and the words are marked.
  async search(page) {
    await new Promise((done) => setTimeout(done, 250)); // the theme closes it a moment after a change of place
    await page.evaluate(() => document.activeElement.blur());
    await page.keyboard.press("s");
    await page.keyboard.type("backlog full");
    await page.waitForSelector("#__search_results[data-query='backlog full'] [role=option]");
    const title = await page.$eval("[aria-selected=true] .lb-result-title", (one) => one.textContent);
    await page.keyboard.press("Enter");
    await until(page, () => location.pathname.endsWith("/backlog-full/"));
    await until(page, () => !location.search && CSS.highlights?.get("lb-search")?.size !== 0);
    return { title, address: await page.evaluate(() => location.href) };
  },

  async permalink() {
    const page = await open("classify/#q=0x7f.1%3A80");
    await page.waitForSelector(LIVE);
    return state(page);
  },
};

try {
  seen.version = await browser.version();
  const page = await open();
  for (const [name, flow] of Object.entries(flows)) {
    try {
      seen[name] = await flow(page);
    } catch (error) {
      seen[name] = { error: String(error.stack ?? error) };
    }
  }
} finally {
  await browser.close();
}
console.log(JSON.stringify(seen));
