// The body of a function that is run in the page; gets the bar, gives back what stays below it, a line for each.
const bar = arguments[0];
const wrong = [];

const visible = (element) =>
  element.checkVisibility({ opacityProperty: true, visibilityProperty: true, contentVisibilityAuto: true });

// Kept for screen readers and cut off for the eye.
const hiddenFromEyes = (element) => {
  for (let e = element; e; e = e.parentElement) {
    const box = e.getBoundingClientRect();
    const style = getComputedStyle(e);
    if (style.overflow !== "visible" && (box.width <= 1 || box.height <= 1)) return true;
    if (style.clipPath === "inset(50%)" || style.clip === "rect(0px, 0px, 0px, 0px)") return true;
    // Parked beyond the edge until it gets the focus, as a skip link is.
    if (box.right < 0 || box.bottom + scrollY < 0) return true;
  }
  return false;
};

const named = (element) => {
  const classes = [...element.classList].map((name) => "." + name).join("");
  const text = (element.innerText ?? element.textContent ?? "").trim().replace(/\s+/g, " ").slice(0, 30);
  return `<${element.localName}${element.id ? "#" + element.id : ""}${classes}> “${text || element.value || ""}”`;
};

const once = new Set();
const say = (element, what) => {
  const line = `${named(element)}: ${what}`;
  if (!once.has(line)) wrong.push(line);
  once.add(line);
};

// Letters.
const tooSmall = (element) => {
  let size = parseFloat(getComputedStyle(element).fontSize);
  // What is drawn is drawn to scale.
  if (element.getScreenCTM) size *= element.getScreenCTM()?.a ?? 1;
  if (size < bar.letters - 0.01) say(element, `letters of ${size.toFixed(1)} px, below ${bar.letters}`);
};
const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
while (texts.nextNode()) {
  const element = texts.currentNode.parentElement;
  if (!texts.currentNode.data.trim() || ["SCRIPT", "STYLE", "NOSCRIPT", "TEMPLATE"].includes(element.tagName)) continue;
  if (!visible(element) || hiddenFromEyes(element)) continue;
  const range = document.createRange();
  range.selectNode(texts.currentNode);
  if (range.getClientRects().length) tooSmall(element);
}
for (const element of document.querySelectorAll("input:not([type=hidden], [type=checkbox], [type=radio]), select, textarea")) {
  if (visible(element) && !hiddenFromEyes(element)) tooSmall(element);
}

// What is tapped.
const targets =
  "a[href], button, input:not([type=hidden]), select, textarea, summary, [role=button], [role=link], [tabindex]:not([tabindex='-1'])";
const joined = (boxes) => ({
  left: Math.min(...boxes.map((b) => b.left)),
  right: Math.max(...boxes.map((b) => b.right)),
  top: Math.min(...boxes.map((b) => b.top)),
  bottom: Math.max(...boxes.map((b) => b.bottom)),
});
// A link among words that are not links themselves.
const withinText = (element) => {
  if (element.localName !== "a" || getComputedStyle(element).display !== "inline") return false;
  let block = element.parentElement;
  while (block && getComputedStyle(block).display === "inline") block = block.parentElement;
  const words = document.createTreeWalker(block, NodeFilter.SHOW_TEXT);
  while (words.nextNode()) {
    if (words.currentNode.data.trim().length > 1 && !words.currentNode.parentElement.closest("a")) return true;
  }
  return false;
};
for (const element of document.querySelectorAll(targets)) {
  const ticked = ["checkbox", "radio", "file"].includes(element.type);
  const labels = ticked ? [...(element.labels ?? [])].filter(visible) : [];
  if (!visible(element) && !labels.length) continue;
  if (hiddenFromEyes(element) && !labels.length) continue;
  if (withinText(element)) continue;
  const box = joined([element, ...labels].map((e) => e.getBoundingClientRect()));
  const [width, height] = [box.right - box.left, box.bottom - box.top];
  if (width < bar.target - 0.01 || height < bar.target - 0.01) {
    say(element, `${width.toFixed(1)} × ${height.toFixed(1)} px to tap on, below ${bar.target}`);
  }
}

// Dates.
const canvas = document.createElement("canvas").getContext("2d", { willReadFrequently: true });
canvas.canvas.width = canvas.canvas.height = 1;
const colour = (text) => {
  canvas.clearRect(0, 0, 1, 1);
  canvas.fillStyle = text;
  canvas.fillRect(0, 0, 1, 1);
  const [r, g, b, a] = canvas.getImageData(0, 0, 1, 1).data;
  return [r, g, b, a / 255];
};
const over = (upper, lower) => [0, 1, 2].map((i) => upper[i] * upper[3] + lower[i] * (1 - upper[3])).concat(1);
const brightness = (c) => {
  const [r, g, b] = c.slice(0, 3).map((v) => (v / 255 <= 0.04045 ? v / 255 / 12.92 : ((v / 255 + 0.055) / 1.055) ** 2.4));
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
};
for (const element of document.querySelectorAll(".date")) {
  if (!visible(element) || hiddenFromEyes(element)) continue;
  const papers = [];
  for (let e = element; e; e = e.parentElement) {
    const style = getComputedStyle(e);
    if (style.backgroundImage !== "none") say(element, "a date on a picture, whose contrast nobody can tell");
    papers.push(colour(style.backgroundColor));
    if (papers.at(-1)[3] === 1) break;
  }
  const paper = papers.reduceRight((lower, upper) => over(upper, lower), colour("Canvas"));
  const ink = over(colour(getComputedStyle(element).color), paper);
  const [light, dark] = [brightness(ink), brightness(paper)].sort((a, b) => b - a);
  const contrast = (light + 0.05) / (dark + 0.05);
  if (contrast < bar.date) say(element, `a date with a contrast of ${contrast.toFixed(2)}, below ${bar.date}`);
}

// The sides.
const page = document.documentElement;
if (page.scrollWidth > page.clientWidth) {
  wrong.push(`the page is ${page.scrollWidth} px wide on ${page.clientWidth} px: it scrolls sideways`);
  for (const element of document.body.querySelectorAll("*")) {
    if (visible(element) && element.getBoundingClientRect().right > page.clientWidth + 0.5) say(element, "sticks out");
  }
}
return wrong;
