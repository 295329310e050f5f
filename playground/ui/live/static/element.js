// Every element is made here. Its text is set as textContent: what a run says may be a stranger's words.

export function element(name, className, text) {
  const made = document.createElement(name);
  if (className) made.className = className;
  if (text !== undefined) made.textContent = text;
  return made;
}
