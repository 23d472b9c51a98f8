// Registers: rows are chosen, counted, let go. Search, sort and pages are links and forms that htmx swaps in place.
import { $, $$, each, on } from './dom.js';

const boxes = list => $$('tbody input[type=checkbox][name=chon]', list);

const count = list => {
  const all = boxes(list), checked = all.filter(box => box.checked).length, head = $('[data-all]', list), out = $('[data-count]', list);
  if (out) out.textContent = checked;
  if (head) { head.checked = checked > 0 && checked === all.length; head.indeterminate = checked > 0 && checked < all.length; }
};

let last = null;   // Shift chooses from the last one clicked to this one
on('click', event => {
  const list = event.target.closest?.('.list');
  if (!list) return;
  if (event.target.closest('[data-none]')) { boxes(list).forEach(box => { box.checked = false; }); return count(list); }
  if (!event.target.matches('input[name=chon]')) return;
  const all = boxes(list), from = all.indexOf(last), to = all.indexOf(event.target);
  if (event.shiftKey && from >= 0) all.slice(Math.min(from, to), Math.max(from, to) + 1).forEach(box => { box.checked = event.target.checked; });
  last = event.target;
});
on('change', event => {
  const list = event.target.closest?.('.list');
  if (!list) return;
  if ('all' in event.target.dataset) boxes(list).forEach(box => { box.checked = event.target.checked; });
  count(list);
});
on('keydown', event => {
  if (event.key !== 'Escape' || event.target.closest?.('dialog, [popover], input[type=search]')) return;
  $$('.list').filter(list => $('tbody input:checked', list)).forEach(list => { boxes(list).forEach(box => { box.checked = false; }); count(list); });
});
each('.list', count);
addEventListener('pageshow', () => $$('.list').forEach(count));   // coming back, the browser restores the boxes

// The search field keeps its caret while the list under it is replaced.
let caret = null;
on('htmx:beforeSwap', event => {
  const input = document.activeElement;
  caret = event.detail.target.contains(input) && input.matches('input[name=q]') ? [input.id, input.value, input.selectionStart] : null;
});
on('htmx:afterSettle', () => {
  if (!caret) return;
  const [id, value, at] = caret, input = document.getElementById(id);
  caret = null;
  if (!input) return;
  input.value = value;
  input.focus({ preventScroll: true });
  input.setSelectionRange(at, at);
});
