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
  const asks = /^what (is|are)\b/i.test(query); // titles that ask the same come first
  const some = all.filter((word) => !EMPTY.has(word) || (asks && word === "what"));
  return some.length ? some : all;
}

// As the index has them. An endpoint is two of them: the page on a port need not have this host.
function indexed(word) {
  const [, host, port] = word.match(/^(?:[a-z]+:\/\/)?(.*[^:]):(\d{1,5})(?:\/.*)?$/) ?? [];
  return [host, port].filter(Boolean).length === 2 ? [host, port] : [word];
}

// Pages with all words of the query. Where there are few: with those that are no number too, since a number may be an
// example ("kill port 3000"), and then with any of them. The best come first.
export async function find(query) {
  const pagefind = await load();
  const words = telling(query).flatMap(indexed).map((word) => word.replaceAll("::", COLONS));
  const ask = async (terms) => (terms.length ? (await pagefind.search(terms.join(" "))).results : []);
  const found = await ask(words);
  if (found.length >= FEW || words.length < 2) return found;
  const plain = words.filter((word) => !/^\d+$/.test(word));
  const some = best([found, plain.length < words.length && plain.length > 1 ? await ask(plain) : []], Math.max);
  const any = best(await Promise.all(words.map((word) => ask([word]))), (one, other) => one + other);
  const known = new Set(some.map(({ id }) => id));
  return [...some, ...any.filter(({ id }) => !known.has(id))];
}

// Each page of the lists once, by what its scores make together.
function best(lists, together) {
  const pages = new Map();
  for (const result of lists.flat()) {
    const known = pages.get(result.id);
    pages.set(result.id, known ? { ...known, score: together(known.score, result.score) } : result);
  }
  return [...pages.values()].sort((one, other) => other.score - one.score);
}
