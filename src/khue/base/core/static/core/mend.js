// Values mended where they stand: Enter sends, Esc takes back, a proposed value is one click. The field sends itself by htmx on "change".
import { $, $$, on } from './dom.js';

const field = target => target.matches?.('[data-mend]') ? target : null;

on('focusin', event => { const input = field(event.target); if (input) { input.dataset.was ??= input.value; input.select?.(); } });
on('keydown', event => {
  const input = field(event.target);
  if (!input) return;
  if (event.key === 'Escape') { input.value = input.dataset.was ?? input.value; input.select?.(); }
  if (event.key === 'Enter' && !input.matches('select')) { event.preventDefault(); input.blur(); }
});
on('click', event => {
  const button = event.target.closest?.('[data-use]');
  if (!button) return;
  const [, id, value] = button.dataset.use.match(/^([^:]+):(.*)$/), input = document.getElementById(id);
  input.value = value;
  input.dispatchEvent(new Event('change', { bubbles: true }));
});

// After a mended row has come back, typing goes on at the next mistake.
on('htmx:afterSettle', event => {
  const sent = event.detail.requestConfig?.elt;
  if (!sent?.matches?.('[data-mend]') || document.activeElement !== document.body) return;
  const region = event.detail.target.closest?.('table, .mend') ?? document, next = $('[data-mend][aria-invalid=true]', region) ?? $$('[data-mend]', region)[0];
  next?.focus({ preventScroll: false });
});
