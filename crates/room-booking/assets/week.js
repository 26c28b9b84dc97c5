// The week of a room: events are moved, and their ends changed, by a pointer, by a finger that rests on them first, or by
// keys; a touch shows the explanation of an event first. What was moved is only a proposal: the form of the event asks before anything is saved, and does the
// same without scripts.

import { afterRest, clock, edges, isTyping, noClick, say, usesKeys } from './calendar.js';

const STEP = 15;
const week = document.querySelector('.week');
const hasColumns = matchMedia('(min-width: 62rem)');
const days = [...week.querySelectorAll('.day-column')];
const number = (name) => Number(getComputedStyle(week).getPropertyValue(name));
const [from, span] = [number('--from'), number('--span')];

/** The minutes of an event, as its text says them. */
function timesOf(link) {
  const text = link.querySelector('.times').textContent.match(/^(\d\d):(\d\d)–(\d\d):(\d\d)$/);
  if (!text) return null;
  const [, hour, minute, lastHour, lastMinute] = text.map(Number);
  return { start: hour * 60 + minute, end: lastHour * 60 + lastMinute };
}

/** An event on its way: where it was, where it is, and what shows that. */
class Move {
  constructor(link) {
    this.link = link;
    this.before = { ...timesOf(link), day: days.findIndex((it) => it.contains(link)) };
    this.now = { ...this.before };
    this.ghost = link.parentElement.cloneNode(true);
    this.ghost.classList.add('ghost');
    this.ghost.classList.remove('open', 'beside');
    this.ghost.setAttribute('aria-hidden', 'true');
    this.ghost.querySelector('a').tabIndex = -1;
    this.ghost.querySelector('.why').remove();
    week.classList.add('dragging');
    this.show();
  }

  get isMoved() {
    return ['start', 'end', 'day'].some((it) => this.now[it] !== this.before[it]);
  }

  /** Takes new times, as far as they are within the hours that are shown. */
  to(what, { minutes = 0, day = this.now.day }) {
    const { start, end } = this.before;
    const next = { start, end, day: Math.max(0, Math.min(day, days.length - 1)) };
    if (what !== 'end') next.start = Math.max(Math.min(from, start), start + minutes);
    if (what !== 'start') next.end = Math.min(Math.max(from + span, end), end + minutes);
    if (what === 'move') {
      const length = end - start;
      if (minutes < 0) next.end = next.start + length;
      else next.start = next.end - length;
    }
    if (what === 'start') next.start = Math.min(next.start, end - STEP);
    if (what === 'end') next.end = Math.max(next.end, start + STEP);
    this.now = next;
    this.show();
  }

  get text() {
    return `${clock(this.now.start)}–${clock(this.now.end)}`;
  }

  get spoken() {
    return `${days[this.now.day].querySelector('.long').textContent}, ${this.text}`;
  }

  show() {
    const { start, end, day } = this.now;
    const top = Math.max(start, from);
    const bottom = Math.min(Math.max(end, top + STEP), from + span);
    Object.assign(this.ghost.style, {
      top: `${((top - from) / span) * 100}%`, height: `${((bottom - top) / span) * 100}%`, left: 0, width: '100%',
    });
    this.ghost.querySelector('.times').textContent = this.text;
    const hours = days[day].querySelector('.hours');
    if (this.ghost.parentElement !== hours) hours.append(this.ghost);
  }

  end() {
    this.edges?.end();
    this.ghost.remove();
    week.classList.remove('dragging');
  }

  /** The form of the event, with the new times. */
  open() {
    const event = new URL(this.link.href).searchParams;
    const stamp = (minute) => {
      const date = new Date(`${days[this.now.day].dataset.date}T00:00Z`);
      date.setUTCMinutes(minute);
      return date.toISOString().slice(0, 16);
    };
    const query = new URLSearchParams({
      uid: event.get('uid'), original: this.link.dataset.original ?? event.get('start'),
      start: stamp(this.now.start), end: stamp(this.now.end),
    });
    location.assign(`${week.dataset.room}/event/change?${query}`);
  }
}

const isMovable = (link) => hasColumns.matches && link?.parentElement.matches('.hours > .movable') && timesOf(link);
let pressed = null;
let move = null;
let byKeys = null;

for (const link of week.querySelectorAll('.slot-event > a')) link.draggable = false;

week.addEventListener('pointerdown', (event) => {
  const link = event.target.closest('.slot-event > a');
  week.touched = event.pointerType === 'touch';
  if (event.button !== 0 || !event.isPrimary || !isMovable(link)) return;
  const { top, bottom, height } = link.getBoundingClientRect();
  // A finger hits less exactly.
  const [lower, upper] = week.touched ? [height > 44 ? 14 : 0, 12] : [7, 5];
  let what = 'move';
  if (bottom - event.clientY <= lower) what = 'end';
  else if (event.clientY - top <= upper && height > 44) what = 'start';
  const press = () => { pressed = { link, what, x: event.clientX, y: event.clientY, minute: minuteAt(event.clientY) }; };
  if (!week.touched) press();
  else {
    afterRest(event, () => {
      close();
      press();
      begin();
    });
  }
});

/** The minute, from the first one that is shown, at a height of the window, wherever the page is scrolled to. */
function minuteAt(y) {
  const { top, height } = days[0].querySelector('.hours').getBoundingClientRect();
  return ((y - top) / height) * span;
}

function begin() {
  move = new Move(pressed.link);
  move.edges = edges(week, ({ x, y }) => follow(x, y));
}

function follow(x, y) {
  const minutes = Math.round((minuteAt(y) - pressed.minute) / STEP) * STEP;
  const at = days.findIndex((it) => x < it.getBoundingClientRect().right);
  const { what } = pressed;
  move.to(what, { minutes, day: what === 'move' ? (at < 0 ? days.length - 1 : at) : undefined });
}

document.addEventListener('pointermove', ({ clientX, clientY }) => {
  if (!pressed) return;
  if (!move && Math.hypot(clientX - pressed.x, clientY - pressed.y) < 5) return;
  if (!move) begin();
  move.edges.at(clientX, clientY);
  follow(clientX, clientY);
});

function drop(isKept) {
  const done = move;
  pressed = null;
  move = null;
  if (!done) return;
  done.end();
  noClick();
  if (isKept && done.isMoved) done.open();
}
document.addEventListener('pointerup', () => drop(true));
document.addEventListener('pointercancel', () => drop(false));

function endKeys() {
  byKeys?.end();
  byKeys = null;
}

// Before the keys that go from event to event.
document.addEventListener('keydown', (event) => {
  if (event.key === 'Escape' && (move || byKeys)) {
    event.preventDefault();
    drop(false);
    endKeys();
    return;
  }
  const link = event.target.closest('.slot-event > a');
  if (!byKeys) {
    const isAsked = event.key === 'm' && !event.ctrlKey && !event.metaKey && !event.altKey && usesKeys();
    if (isAsked && !isTyping(event.target) && isMovable(link)) {
      event.preventDefault();
      byKeys = Object.assign(new Move(link), { moved: 0, started: 0, ended: 0 });
      say(week.dataset.moving);
    }
    return;
  }
  const [minutes, across] = {
    ArrowUp: [-STEP, 0], ArrowDown: [STEP, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1],
  }[event.key] ?? [];
  if (event.key === 'Enter') {
    event.preventDefault();
    const done = byKeys;
    endKeys();
    if (done.isMoved) done.open();
  } else if (minutes !== undefined) {
    event.preventDefault();
    event.stopPropagation();
    const what = event.shiftKey ? 'end' : event.altKey ? 'start' : 'move';
    // Each key goes on from where the last one led.
    byKeys.before = { ...byKeys.now };
    byKeys.to(what, { minutes, day: byKeys.now.day + (what === 'move' ? across : 0) });
    byKeys.before = byKeys.first ??= { ...timesOf(byKeys.link), day: days.findIndex((it) => it.contains(byKeys.link)) };
    say(byKeys.spoken);
  }
}, { capture: true });
week.addEventListener('focusout', endKeys);

// The explanation of an event: a touch opens it, a second one opens the event; Escape closes it.
const close = () => week.querySelectorAll('.open').forEach((it) => it.classList.remove('open'));
document.addEventListener('click', (event) => {
  const item = event.target.closest('.slot-event');
  const isOpen = item?.classList.contains('open');
  if (!event.target.closest('.why')) close();
  if (!week.touched || !hasColumns.matches || isOpen || !event.target.closest('.slot-event > a')) return;
  event.preventDefault();
  item.classList.add('open');
});
document.addEventListener('keydown', (event) => {
  if (event.key !== 'Escape') return;
  close();
  week.querySelectorAll('.slot-event:is(:hover, :focus-within)').forEach((item) => item.classList.add('shut'));
});
for (const what of ['pointerout', 'focusout']) {
  week.addEventListener(what, (event) => {
    const item = event.target.closest('.slot-event');
    if (item && !item.contains(event.relatedTarget)) item.classList.remove('shut');
  });
}
