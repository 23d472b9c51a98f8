// What goes to the server: the CSRF token, busy buttons, and words when an answer does not come.
import { $, $$, icon, on } from './dom.js';

const WORDS = {
  offline: 'Không nối được với máy chủ. Việc vừa bấm chưa được ghi, thử lại khi có mạng.',
  refused: 'Chưa ghi: phiên làm việc đã hết, hoặc vai đang dùng không có quyền này. Tải lại trang rồi làm tiếp.',
  gone: 'Không còn thấy mục này. Tải lại trang để xem bản mới.',
  broken: 'Lỗi của chúng tôi. Việc vừa bấm chưa được ghi; phần đã lưu còn nguyên.',
};

const tell = words => {
  const place = $('#bao'), note = document.createElement('div'), text = document.createElement('span');
  if (!place) return;
  note.className = 'note err';
  text.textContent = words;
  note.append(icon('alert-square'), text);
  place.replaceChildren(note);
  place.scrollIntoView({ block: 'nearest' });
};

on('htmx:configRequest', event => { event.detail.headers['X-CSRFToken'] = $('meta[name=csrf-token]')?.content ?? ''; });
on('htmx:beforeRequest', () => $('#bao')?.replaceChildren());
on('htmx:sendError', () => tell(WORDS.offline));
on('htmx:responseError', event => {
  const status = event.detail.xhr.status;
  tell(status === 403 ? WORDS.refused : status === 404 ? WORDS.gone : WORDS.broken);
});

// Signed out meanwhile: the answer is another page than the one asked for. The whole page is loaded again and leads to the sign-in.
on('htmx:beforeSwap', event => {
  const { xhr, pathInfo } = event.detail, asked = new URL(pathInfo.finalRequestPath ?? pathInfo.requestPath, location.href);
  if (!xhr.responseURL || new URL(xhr.responseURL).pathname === asked.pathname || !/^\s*<!doctype/i.test(xhr.responseText)) return;
  event.detail.shouldSwap = false;
  location.reload();
});

// A button that has been pressed says so, and a second press does nothing.
on('submit', event => {
  const button = event.submitter;
  if (!button || event.defaultPrevented || event.target.method === 'get') return;
  if (button.getAttribute('aria-busy') === 'true') return void event.preventDefault();
  button.setAttribute('aria-busy', 'true');
});
addEventListener('pageshow', () => $$('[aria-busy=true]').forEach(button => button.removeAttribute('aria-busy')));
on('htmx:afterRequest', event => $$('[aria-busy=true]', event.detail.elt).forEach(button => button.removeAttribute('aria-busy')));
