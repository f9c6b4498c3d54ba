// The body of a function that is run in the page. Told "begin", it marks what a person must be able to reach, and notes from
// then on what gets the focus; gives back how many there are. Told "end", it gives back what was never reached, or was reached
// without being seen, a line for each.
const visible = (element) => element.checkVisibility({ visibilityProperty: true, contentVisibilityAuto: true });
const named = (element) => {
  const text = (element.innerText ?? "").trim().replace(/\s+/g, " ").slice(0, 30);
  return `<${element.localName}${element.id ? "#" + element.id : ""}> “${text || element.name || element.value || ""}”`;
};
const wanted = "a[href], button, input:not([type=hidden]), select, textarea, summary, [role=button], [role=link]";

if (arguments[0] === "begin") {
  const groups = new Set();
  const all = [...document.querySelectorAll(wanted)].filter((element) => {
    // What is hidden and has a label that is seen is tapped through the label: the keys need it, too.
    if (!visible(element) && ![...(element.labels ?? [])].some(visible)) return false;
    if (element.disabled || element.matches("summary") !== Boolean(element.closest("details > summary"))) return false;
    if (element.type !== "radio") return true;
    // One stop for a group; the arrows do the rest.
    const group = `${element.form?.action}#${element.name}`;
    return !groups.has(group) && groups.add(group);
  });
  const note = (window.keys = { all, seen: new Set(), unseen: new Set() });
  document.activeElement?.blur();
  getSelection().removeAllRanges();
  const look = ({ target }) => {
    note.seen.add(target);
    if (target.type === "radio") note.seen.add(all.find((one) => one.type === "radio" && one.name === target.name && one.form === target.form));
    // The ring may be drawn around the element, or around what holds it.
    const rings = [target, ...(target.labels ?? []), target.parentElement].map((one) => getComputedStyle(one));
    const ringed = rings.some((s) => (s.outlineStyle !== "none" && parseFloat(s.outlineWidth) >= 2) || s.boxShadow !== "none");
    const box = target.getBoundingClientRect();
    const there = box.width > 1 || [...(target.labels ?? [])].some(visible);
    if (!ringed || !there) note.unseen.add(target);
  };
  document.addEventListener("focusin", look);
  note.stop = () => document.removeEventListener("focusin", look);
  return all.length;
}
const { all, seen, unseen, stop } = window.keys;
stop();
document.activeElement?.blur();
scrollTo(0, 0);
return [
  ...all.filter((element) => !seen.has(element)).map((element) => `${named(element)} is not reached with the Tab key`),
  ...[...unseen].map((element) => `${named(element)} has the focus, and nobody sees it`),
];
