/** Tells the reader something at the top of the page; undefined takes it back. */
export function notice(words: string | undefined): void {
  document.querySelector('.notice')?.remove();
  if (words === undefined) return;
  const box = document.createElement('div');
  box.className = 'notice';
  box.setAttribute('role', 'alert');
  const close = document.createElement('button');
  close.type = 'button';
  close.textContent = 'Close';
  close.addEventListener('click', () => box.remove());
  const text = document.createElement('span');
  text.textContent = words;
  box.append(text, close);
  document.body.prepend(box);
}
