// Asks the index of Pagefind, which is loaded in pieces: what a query needs, and nothing before the first one.

const ROOT = new URL("../../", import.meta.url);
export const FOLDER = new URL("assets/search/", ROOT);
const COLONS = "\u02d0\u02d0"; // stands for :: in the index, where punctuation does not count: tools/site/search.py

// A match in the title, or in the phrases that people type for a page, counts more than many in its text.
const RANKING = { metaWeights: { title: 4, also: 6 }, pageLength: 0.6, termSimilarity: 2 };
const EXCERPT = 24; // words
const FEW = 3; // pages

// Words that say nothing about what is looked for.
const EMPTY = new Set("a an and are at be by can do does for from how i in is it me my of on or the to what why with".split(" "));

let engine = null;

// Resolves once the index can be asked; a load that failed is tried again by the next call.
export function load() {
  engine ??= start().catch((error) => {
    engine = null;
    throw error;
  });
  return engine;
}

async function start() {
  const pagefind = await import(new URL("pagefind.js", FOLDER));
  // In this thread: a query takes it some milliseconds, and a worker's script is as large as this one.
  await pagefind.options({ baseUrl: ROOT.pathname, excerptLength: EXCERPT, noWorker: true, ranking: RANKING });
  await pagefind.init();
  return pagefind;
}

// A text of the index as people read it.
export const shown = (text) => text.replaceAll(COLONS, "::");

// The words of a query that tell what is looked for.
export function telling(query) {
  const all = query.toLowerCase().split(/\s+/).filter(Boolean);
  const some = all.filter((word) => !EMPTY.has(word));
  return some.length ? some : all;
}

// As the index has them. An endpoint is two of them: the page on a port need not have this host.
function indexed(word) {
  const [, host, port] = word.match(/^(?:[a-z]+:\/\/)?(.*[^:]):(\d{1,5})(?:\/.*)?$/) ?? [];
  return [host, port].filter(Boolean).length === 2 ? [host, port] : [word];
}

// Pages with all words of the query; where there are few, those with any of them after them. The best come first.
export async function find(query) {
  const pagefind = await load();
  const words = telling(query).flatMap(indexed).map((word) => word.replaceAll("::", COLONS));
  const ask = async (terms) => (await pagefind.search(terms.join(" "))).results;
  const found = await ask(words);
  if (found.length >= FEW || words.length < 2) return found;
  const others = any(await Promise.all(words.map((word) => ask([word]))));
  const known = new Set(found.map(({ id }) => id));
  return [...found, ...others.filter(({ id }) => !known.has(id))];
}

// A page that several words lead to is better than one that a single word leads to.
function any(lists) {
  const best = new Map();
  for (const result of lists.flat()) {
    const known = best.get(result.id);
    best.set(result.id, { ...(known ?? result), score: (known?.score ?? 0) + result.score });
  }
  return [...best.values()].sort((one, other) => other.score - one.score);
}
