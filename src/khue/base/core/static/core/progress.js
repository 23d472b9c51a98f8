// A job's progress: an element with data-poll asks its address again until the answer has no data-poll any more.
import { each } from './dom.js';

const EVERY = 1000, SLOWEST = 10000, POLLS = { 'X-Khue-Poll': '1' };   // no sign of a person: it keeps nobody signed in

each('[data-poll]', element => {
  if (element.dataset.polling) return;
  element.dataset.polling = '1';
  let wait = EVERY;
  const ask = async () => {
    if (!element.isConnected) return;
    if (!document.hidden) {
      const before = document.title;
      try { await htmx.ajax('GET', element.dataset.poll, { target: element, swap: 'outerHTML', headers: POLLS }); } catch { document.title = before; }
      wait = element.isConnected ? Math.min(wait * 2, SLOWEST) : EVERY;   // still here: the answer did not come
    }
    if (element.isConnected) setTimeout(ask, wait);
  };
  setTimeout(ask, wait);
});
