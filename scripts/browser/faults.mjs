// What is measured in pages, from within them.

// What people cannot read, reach or hit on the page that is open.
export function faults() {
  const seen = (it) => it.checkVisibility({ visibilityProperty: true }) && it.getBoundingClientRect().width > 1;
  const all = [...document.querySelectorAll('body > :is(header, main), body > :is(header, main) *')].filter(seen);
  const named = (it) => `${it.tagName} ${it.id || it.className}: ${it.textContent.trim().replace(/\s+/g, ' ').slice(0, 40)}`;
  const faults = [];
  if (document.documentElement.scrollWidth > innerWidth) faults.push('the page is too wide');
  for (const it of all) {
    const style = getComputedStyle(it);
    const isCut = style.overflowX === 'hidden' || style.overflowX === 'clip';
    const says = style.textOverflow === 'ellipsis';
    if (isCut && it.clientWidth > 1 && it.scrollWidth > it.clientWidth + 1 && !says) faults.push(`cut: ${named(it)}`);
    const isLow = it.clientHeight > 1 && it.scrollHeight > it.clientHeight + 1;
    if (isCut && isLow && style.webkitLineClamp === 'none') faults.push(`cut below: ${named(it)}`);
  }
  // The ways to other pages are never behind an edge.
  for (const it of all.filter((one) => one.matches('nav'))) {
    if (it.scrollWidth > it.clientWidth + 1) faults.push(`scrolls: ${named(it)}`);
  }
  for (const it of all.filter((one) => one.matches('a, button, input, select, summary') && !one.closest('p'))) {
    const { width, height } = it.getBoundingClientRect();
    if (width < 24 || height < 24) faults.push(`${width} x ${height}: ${named(it)}`);
  }
  return faults;
}

// How much moved while the page was loaded.
export const shift = () => new Promise((resolve) => {
  let sum = 0;
  new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) sum += entry.value;
  }).observe({ type: 'layout-shift', buffered: true });
  // Two frames later, all that was noted has arrived.
  requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(() => resolve(sum), 10)));
});
