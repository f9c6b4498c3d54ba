// The body of a function that is run in the page; gets the Latin words that are as good as Chinese, and what was typed in
// Chinese; gives back what is in the wrong language, a line for each.
const [latin, typed] = arguments;
const page = document.documentElement;
const english = page.lang === "en";
const said = [["title", document.title]];
const ours = (element) => element.closest("[lang]") === page;
const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
while (texts.nextNode()) {
  const element = texts.currentNode.parentElement;
  if (!element.closest("script, style") && ours(element)) said.push([element.localName, texts.currentNode.data]);
}
for (const element of document.body.querySelectorAll("*")) {
  if (!ours(element)) continue;
  for (const name of ["aria-label", "aria-description", "placeholder", "title", "alt"]) {
    if (element.hasAttribute(name)) said.push([`${element.localName}[${name}]`, element.getAttribute(name)]);
  }
  if (element.matches("input[type=submit], input[type=button], input[type=reset]")) said.push([element.localName, element.value]);
}
// What the script says.
for (const [name, text] of Object.entries(document.body.dataset)) said.push([`body[data-${name}]`, text]);
const foreign = (text) => {
  if (english) {
    for (const data of typed) text = text.replaceAll(data, "");
    // A name of which the first letter is shown.
    text = text.replace(/[\u4e00-\u9fff]\*/g, "");
    return text.match(/[\u4e00-\u9fff][\u4e00-\u9fff，。、；：！？（）]*/g) ?? [];
  }
  // An address, or a code: numbers, capitals, dots and dashes.
  text = text.replace(/(https?:\/\/)?[\w-]+(\.[\w-]+)*:\d+(\/\S*)?/g, "");
  // A seal.
  text = text.replace(/\b[0-9a-f]{64}\b/g, "");
  const words = text.match(/[A-Za-z][A-Za-z0-9'-]*/g) ?? [];
  return words.filter((word) => !latin.includes(word) && !/^[A-Z0-9-]*$/.test(word));
};
const lines = said.flatMap(([where, text]) => foreign(text ?? "").map((word) => `“${word}” in ${where} “${text.trim().slice(0, 60)}”`));
return [...new Set(lines)];
