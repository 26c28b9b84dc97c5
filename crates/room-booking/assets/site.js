// The script of the site's forms and of the day. Every page works without it; with it, the preview of a template
// follows what is written, what is shown once can be copied by a button, and a day is opened at the present.

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

// The end of a booking follows its start.
for (const form of document.querySelectorAll('form.booking')) {
  const [start, end] = ['start', 'end'].map((name) => form.elements[name]);
  const minutes = ({ value }) => Date.parse(`${value}Z`) / 60_000;
  const USUAL = 60;
  let length = end.value ? minutes(end) - minutes(start) : USUAL;
  start.addEventListener('change', () => {
    if (!(length > 0) || !start.value) return;
    end.value = new Date((minutes(start) + length) * 60_000).toISOString().slice(0, 16);
  });
  end.addEventListener('change', () => { length = minutes(end) - minutes(start); });
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

// A day is opened at the present, or where work begins.
for (const rooms of document.querySelectorAll('.rooms')) {
  const hours = [...rooms.querySelectorAll('.axis .hours span')];
  const at = rooms.querySelector('.now') ?? hours.find((it) => it.textContent >= '08:00');
  const head = rooms.querySelector('.corner').offsetHeight;
  rooms.scrollTop += at.getBoundingClientRect().top - rooms.getBoundingClientRect().top - head - rooms.clientHeight / 4;
}
