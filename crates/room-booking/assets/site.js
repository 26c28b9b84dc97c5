// The one script of the site. Every page works without it; with it, the preview of a template follows
// what is written, what is shown once can be copied by a button, and a free gap of a day is booked at
// the half hour that is pointed at.

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

for (const link of document.querySelectorAll('.gap > a')) {
  const whole = link.href;
  const [date, clock] = new URL(whole).searchParams.get('start').split('T');
  const [hours, minutes] = clock.split(':').map(Number);
  const from = hours * 60 + minutes;
  const length = Number(link.parentElement.className.match(/h(\d+)/)[1]);
  const text = (minute) => [Math.trunc(minute / 60), minute % 60].map((it) => String(it).padStart(2, '0')).join(':');
  const mark = document.createElement('i');
  mark.className = 'at';
  link.addEventListener('pointermove', (event) => {
    const { top, height } = link.getBoundingClientRect();
    const pointed = from + ((event.clientY - top) / height) * length;
    const start = Math.max(from, Math.min(Math.floor(pointed / 30) * 30, from + length - 15));
    const end = Math.min(start + 60, from + length, 24 * 60 - 1);
    const url = new URL(whole);
    url.searchParams.set('start', `${date}T${text(start)}`);
    url.searchParams.set('end', `${date}T${text(end)}`);
    link.href = url.href;
    mark.textContent = `${text(start)}–${text(end)}`;
    mark.style.top = `${((start - from) / length) * 100}%`;
    mark.style.height = `${((end - start) / length) * 100}%`;
    if (!mark.isConnected) link.append(mark);
  });
  link.addEventListener('pointerleave', () => {
    mark.remove();
    link.href = whole;
  });
}

// A day is opened at the present, or where work begins.
for (const rooms of document.querySelectorAll('.rooms')) {
  const hours = [...rooms.querySelectorAll('.axis .hours span')];
  const at = rooms.querySelector('.now') ?? hours.find((it) => it.textContent >= '08:00');
  const head = rooms.querySelector('.corner').offsetHeight;
  rooms.scrollTop += at.getBoundingClientRect().top - rooms.getBoundingClientRect().top - head - rooms.clientHeight / 4;
}
