// From the checks' HTML to nodes. The checks escape everything that comes from a paste; this is the second lock: only
// the elements and attributes that a card is made of are let in, and links only into this site.

const ELEMENTS = new Set(
  "A BUTTON CODE DD DETAILS DIV DL DT INPUT LABEL LI MARK OL P PRE SPAN SUMMARY UL WBR".split(" "),
);
const ATTRIBUTES = new Set(
  ("aria-label class data-likelihood data-os data-row data-severity data-system data-systems data-token" +
    " href name open role tabindex title type value").split(" "),
);
const TYPES = { BUTTON: "button", INPUT: "radio" }; // neither sends a form, nor takes a text
const OWN = "site:"; // stands for the way to the site's root

// `base` leads from the page to the site's root. Throws where the HTML is no card.
export function trusted(html, base) {
  const template = document.createElement("template"); // its content is inert: nothing is loaded or run
  template.innerHTML = html;
  for (const element of template.content.querySelectorAll("*")) {
    const { tagName } = element;
    if (!ELEMENTS.has(tagName)) throw new Error(`unexpected element ${tagName}`);
    if (element.getAttribute("type") !== (TYPES[tagName] ?? null)) throw new Error(`unexpected type of ${tagName}`);
    // Names, not attributes: making an object of each takes thrice as long, of a long table 18 ms.
    for (const name of element.getAttributeNames()) {
      if (!ATTRIBUTES.has(name)) throw new Error(`unexpected attribute ${name}`);
      if (name !== "href") continue;
      const value = element.getAttribute(name);
      if (!/^site:[a-z0-9/-]*(#[a-z0-9_-]+)?$/.test(value)) throw new Error("unexpected link");
      element.setAttribute("href", base + value.slice(OWN.length));
    }
  }
  return template.content;
}
