// The one script of the site. Every page works without it; with it, the preview of a template follows
// what is written.

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
  form.addEventListener('input', () => {
    clearTimeout(waiting);
    waiting = setTimeout(show, 500);
  });
}
