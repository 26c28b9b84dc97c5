// The one script of the site. Every page works without it; with it, the preview of a template follows
// what is written, and what is shown once can be copied by a button.

for (const form of document.querySelectorAll('form[data-live-preview]')) {
  const button = form.querySelector('[data-preview]');
  let waiting;
  const show = () => {
    // A new frame, because a navigation of the old one would be a step for the browser's Back.
    const old = document.querySelector('iframe[name="preview"]');
    const frame = old.cloneNode(false);
    frame.removeAttribute('src');
    old.replaceWith(frame);
    form.requestSubmit(button);
  };
  if ('showNow' in form.dataset) show();
  form.addEventListener('input', () => {
    clearTimeout(waiting);
    waiting = setTimeout(show, 500);
  });
}

// Browsers give the clipboard to secure pages only.
for (const text of navigator.clipboard ? document.querySelectorAll('[data-copy]') : []) {
  const button = document.createElement('button');
  button.className = 'button small quiet';
  button.textContent = text.dataset.copy;
  button.addEventListener('click', async () => {
    await navigator.clipboard.writeText(text.innerText);
    button.textContent = text.dataset.copied;
  });
  const line = document.createElement('p');
  line.className = 'actions';
  line.setAttribute('aria-live', 'polite');
  line.append(button);
  text.after(line);
}
