// The pages with days: a day of all rooms, a week, a month. Free time is booked at the time that is pointed at, dragged
// over or chosen by keys; keys lead from page to page, and from event to event. Every page works without it.

const STEP = 15;
const POINTED = 30;

/** Minutes since midnight as a clock shows them. */
export const clock = (minute) =>
  [Math.trunc(minute / 60), minute % 60].map((it) => String(it).padStart(2, '0')).join(':');

/** What is read to those who do not see what moves. */
const status = document.createElement('p');
status.className = 'hidden';
status.setAttribute('role', 'status');
document.querySelector('main').append(status);
export const say = (text) => { status.textContent = text; };

/** What the browser remembers, where it may. */
function memory() {
  try {
    return localStorage;
  } catch {
    return null;
  }
}

/** Whether single keys are wanted; those who speak to their computer may turn them off (WCAG 2.1.4). */
export const usesKeys = () => memory()?.getItem('single-keys') !== 'off';
export const isTyping = (target) => target.closest('input:not([type="checkbox"]), select, textarea') !== null;

/** How long a finger rests on something before it is held, in milliseconds, and how far it may move meanwhile, in pixels. */
const REST = 400;
const SLACK = 8;
let finger = null;
const letGo = () => {
  clearTimeout(finger?.timer);
  finger = null;
};

/** Calls back when the finger that was put down has rested. One that moves earlier scrolls, as everywhere. */
export function afterRest({ clientX: x, clientY: y }, begin) {
  letGo();
  const hold = () => {
    finger = { isHolding: true };
    navigator.vibrate?.(10);
    begin();
  };
  finger = { x, y, timer: setTimeout(hold, REST) };
}
document.addEventListener('pointermove', ({ clientX, clientY }) => {
  if (finger?.timer && Math.hypot(clientX - finger.x, clientY - finger.y) > SLACK) letGo();
});
for (const name of ['pointerup', 'pointercancel']) document.addEventListener(name, () => setTimeout(letGo, 0));
for (const grid of document.querySelectorAll('.week, .rooms')) {
  // A finger that holds something does not scroll.
  grid.addEventListener('touchmove', (event) => { if (finger?.isHolding) event.preventDefault(); }, { passive: false });
  grid.addEventListener('contextmenu', (event) => { if (finger) event.preventDefault(); });
}

/** Where something that is held makes the page scroll, in pixels from an edge, how far in a frame, and after how long. */
const EDGE = 40;
const SPEED = 8;
const DWELL = 300;

/** Scrolls the page, and a box in it, as long as what is held stays at an edge, and calls back. */
export function edges(box, scrolled) {
  let point = null;
  let since = null;
  const by = (at, from, until) => (at < from + EDGE ? -SPEED : at > until - EDGE ? SPEED : 0);
  let frame = requestAnimationFrame(function look(time) {
    frame = requestAnimationFrame(look);
    if (!point) return;
    const { left, right } = box.getBoundingClientRect();
    const [x, y] = [by(point.x, Math.max(left, 0), Math.min(right, innerWidth)), by(point.y, 0, innerHeight)];
    since = x || y ? since ?? time : null;
    if (since === null || time - since < DWELL) return;
    scrollBy({ top: y, behavior: 'instant' });
    box.scrollBy({ left: x, behavior: 'instant' });
    scrolled(point);
  });
  return { at: (x, y) => { point = { x, y }; }, end: () => cancelAnimationFrame(frame) };
}

/** What follows a drag: its release is no click. */
export function noClick() {
  const stop = (event) => { event.preventDefault(); event.stopPropagation(); };
  document.addEventListener('click', stop, { capture: true, once: true });
  setTimeout(() => document.removeEventListener('click', stop, { capture: true }), 0);
}

for (const link of document.querySelectorAll('.gap > a')) {
  const whole = link.href;
  const [date, first] = new URL(whole).searchParams.get('start').split('T');
  const [hours, minutes] = first.split(':').map(Number);
  const from = hours * 60 + minutes;
  const until = Math.min(from + Number(link.parentElement.className.match(/\bh(\d+)/)[1]), 24 * 60);
  const mark = document.createElement('i');
  mark.className = 'at';
  let dragged = null;
  let chosen = null;
  link.draggable = false;
  const minuteAt = (event) => {
    const { top, height } = link.getBoundingClientRect();
    return from + ((event.clientY - top) / height) * (until - from);
  };
  const within = (minute, step) => Math.max(from, Math.min(Math.floor(minute / step) * step, until - STEP));
  const choose = (start, end) => {
    chosen = { start, end: Math.min(Math.max(end, start + STEP), until) };
    const url = new URL(whole);
    url.searchParams.set('start', `${date}T${clock(start)}`);
    // The end of a day is a time of the next one, which the form does not take.
    url.searchParams.set('end', `${date}T${clock(Math.min(chosen.end, 24 * 60 - 1))}`);
    link.href = url.href;
    mark.textContent = `+ ${clock(start)}–${clock(chosen.end)}`;
    mark.style.top = `${((start - from) / (until - from)) * 100}%`;
    mark.style.height = `${((chosen.end - start) / (until - from)) * 100}%`;
    if (!mark.isConnected) link.append(mark);
  };
  const point = (event) => {
    const start = within(minuteAt(event), POINTED);
    choose(start, start + 60);
  };
  const leave = () => {
    if (dragged) return;
    mark.remove();
    chosen = null;
    link.href = whole;
  };
  link.addEventListener('pointerdown', (event) => {
    if (event.button !== 0) return;
    point(event);
    const begin = (isMoved) => { dragged = { at: within(minuteAt(event), STEP), y: event.clientY, isMoved }; };
    if (event.pointerType === 'touch') {
      // A touch books the hour that is shown; a finger that rests holds it, and goes on to another end.
      afterRest(event, () => { point(event); begin(true); });
      return;
    }
    begin(false);
    link.setPointerCapture(event.pointerId);
  });
  link.addEventListener('pointermove', (event) => {
    if (!dragged) return event.pointerType === 'touch' ? undefined : point(event);
    dragged.isMoved ||= Math.abs(event.clientY - dragged.y) > 4;
    if (!dragged.isMoved) return undefined;
    const to = within(minuteAt(event), STEP);
    return choose(Math.min(dragged.at, to), Math.max(dragged.at, to) + STEP);
  });
  const drop = (event) => {
    const isMoved = dragged?.isMoved;
    dragged = null;
    if (!isMoved || event.type !== 'pointerup') return;
    noClick();
    location.assign(link.href);
  };
  link.addEventListener('pointerup', drop);
  link.addEventListener('pointercancel', drop);
  link.addEventListener('pointerleave', leave);
  link.addEventListener('blur', leave);
  link.addEventListener('keydown', (event) => {
    const by = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (!by || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    const { start, end } = chosen ?? { start: from, end: Math.min(from + 60, until) };
    if (!chosen) choose(start, end);
    else if (event.shiftKey) choose(start, end + by * STEP);
    else {
      const next = within(start + by * STEP, STEP);
      choose(next, next + end - start);
    }
    say(mark.textContent);
  });
}

// An event whose name does not fit says it where it is pointed at.
document.addEventListener('pointerover', ({ target }) => {
  const link = target.closest?.('.room li:not(.gap) > a');
  if (!link || link.title) return;
  const isCut = [...link.children].some((it) => it.scrollWidth > it.clientWidth + 1 || it.scrollHeight > it.clientHeight + 1);
  if (isCut) link.title = [...link.children].map((it) => it.textContent).filter(Boolean).join('\n');
});

// What was just booked or changed is marked.
const confirmed = document.querySelector('.note.good a')?.href;
if (confirmed) {
  const links = [...document.querySelectorAll('.room li > a, .slot-event > a')];
  links.filter((it) => it.href === confirmed).forEach((it) => it.parentElement.classList.add('new'));
}

// The room that was booked is in sight.
const booked = document.getElementById(`r-${new URLSearchParams(location.search).get('room')}`)?.closest('.room');
if (booked) {
  const rooms = booked.closest('.rooms');
  const start = booked.getBoundingClientRect().left - rooms.querySelector('.axis').getBoundingClientRect().right;
  const isInside = booked.getBoundingClientRect().right <= rooms.getBoundingClientRect().right;
  if (!isInside) rooms.scrollBy({ left: start, behavior: 'instant' });
  const event = booked.querySelector('.new')?.getBoundingClientRect();
  const [from, until] = [rooms.querySelector('.corner').getBoundingClientRect().bottom, rooms.getBoundingClientRect().bottom];
  if (event && (event.top < from || event.bottom > until)) rooms.scrollBy({ top: event.top - from - 40, behavior: 'instant' });
}

// From event to event: up and down within a day or a room, and on to the next; left and right to the nearest beside it.
const columns = [...document.querySelectorAll('[data-column], .room')];
const eventsOf = (column) =>
  [...column.querySelectorAll('li:not(.gap, .more-of-day) > a')].filter((it) => it.checkVisibility());
const middle = (it) => {
  const { top, height } = it.getBoundingClientRect();
  return top + height / 2;
};

function neighbour(link, key) {
  const column = columns.findIndex((it) => it.contains(link));
  const by = key === 'ArrowRight' || key === 'ArrowDown' ? 1 : -1;
  const isBeside = key === 'ArrowLeft' || key === 'ArrowRight';
  if (!isBeside) {
    const events = eventsOf(columns[column]);
    const next = events[events.indexOf(link) + by];
    if (next) return next;
  }
  for (let index = column + by; columns[index]; index += by) {
    const events = eventsOf(columns[index]);
    if (events.length === 0) continue;
    if (!isBeside) return events.at(by > 0 ? 0 : -1);
    const at = middle(link);
    return events.reduce((one, other) => (Math.abs(middle(other) - at) < Math.abs(middle(one) - at) ? other : one));
  }
  return null;
}

document.addEventListener('keydown', (event) => {
  if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return;
  if (event.key.startsWith('Arrow') && !event.shiftKey) {
    const link = event.target.closest('li > a');
    if (!link || !columns.some((it) => it.contains(link))) return;
    event.preventDefault();
    neighbour(link, event.key)?.focus();
    return;
  }
  if (!usesKeys()) return;
  const nav = document.querySelector('.week-nav');
  const target = {
    t: () => nav?.querySelector('[data-key="t"]') ?? document.querySelector('.today'),
    n: () => nav?.querySelector('[rel="next"]'),
    p: () => nav?.querySelector('[rel="prev"]'),
    '/': () => document.querySelector('input[type="search"], .finder input'),
  }[event.key]?.();
  if (!target) return;
  event.preventDefault();
  if (target.matches('a')) target.click();
  else if (target.matches('input')) target.focus();
  else (eventsOf(target)[0] ?? target.querySelector('a')).focus();
});

for (const keys of document.querySelectorAll('.keys')) {
  keys.hidden = false;
  const box = keys.querySelector('#single-keys');
  box.checked = usesKeys();
  box.addEventListener('change', () => memory()?.setItem('single-keys', box.checked ? 'on' : 'off'));
}
