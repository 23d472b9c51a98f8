// Drop zone: a real file input lies over it. Names and sizes are shown, a file over the limit is refused before it is sent.
import { $, each, on } from './dom.js';

const megabytes = bytes => (bytes / 1048576).toLocaleString('vi-VN', { maximumFractionDigits: 1 });

const line = (text, over) => Object.assign(document.createElement('li'), { textContent: text, className: over ? 'over' : '' });

each('.drop', zone => {
  if (zone.dataset.ready) return;
  zone.dataset.ready = '1';
  const over = state => () => zone.classList.toggle('over', state);
  zone.addEventListener('dragenter', over(true));
  zone.addEventListener('dragleave', over(false));
  zone.addEventListener('drop', over(false));
});

on('change', event => {
  const zone = event.target.matches?.('input[type=file]') && event.target.closest('.drop');
  if (!zone) return;
  const limit = Number(zone.dataset.limit ?? 50) * 1048576, files = [...event.target.files], tooBig = files.filter(file => file.size > limit);
  $('.names', zone)?.remove();
  const names = Object.assign(document.createElement('ul'), { className: 'names' });
  names.setAttribute('role', 'status');
  names.append(...files.map(file => line(`${file.name}, ${megabytes(file.size)} MB${file.size > limit ? `. Quá ${zone.dataset.limit ?? 50} MB: chia tệp theo khối hoặc theo lớp rồi thả lại.` : ''}`, file.size > limit)));
  zone.append(names);
  if (tooBig.length) event.target.value = '';
  else if ('send' in zone.dataset && files.length) zone.closest('form').requestSubmit();
});

on('htmx:xhr:progress', event => {
  const bar = $('[data-sent]', event.target), { loaded, total } = event.detail;
  if (!bar || !total) return;
  bar.hidden = false;
  bar.max = total;
  bar.value = loaded;
});
