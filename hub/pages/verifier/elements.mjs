// Make a piece of a page: text as text, never as markup.

export function element(tag, text = '', style = '', language = '') {
  const made = document.createElement(tag);
  made.textContent = text;
  if (style) made.className = style;
  if (language) made.lang = language;
  return made;
}
