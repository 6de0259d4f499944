// From the checks' HTML to nodes. The checks escape everything that comes from a paste; this is the second lock: only
// the elements and attributes that a card is made of are let in, and links only into this site.

const ELEMENTS = new Set("A CODE DD DIV DL DT LI MARK P PRE SPAN UL".split(" "));
const ATTRIBUTES = new Set(["class", "data-severity", "href", "tabindex", "title"]);
const OWN = "site:"; // stands for the way to the site's root

// `base` leads from the page to the site's root. Throws where the HTML is no card.
export function trusted(html, base) {
  const template = document.createElement("template"); // its content is inert: nothing is loaded or run
  template.innerHTML = html;
  for (const element of template.content.querySelectorAll("*")) {
    if (!ELEMENTS.has(element.tagName)) throw new Error(`unexpected element ${element.tagName}`);
    for (const { name, value } of element.attributes) {
      if (!ATTRIBUTES.has(name)) throw new Error(`unexpected attribute ${name}`);
      if (name !== "href") continue;
      if (!/^site:[a-z0-9/-]*$/.test(value)) throw new Error("unexpected link");
      element.setAttribute("href", base + value.slice(OWN.length));
    }
  }
  return template.content;
}
