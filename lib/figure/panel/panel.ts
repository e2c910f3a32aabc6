/// <reference lib="dom" preserve="true" />
import { landmarkText } from '../landmark';
import { parseValues, type Value } from '../parameters';
import { type Control, controlOf } from './controls';
import { element, newId, setText } from './element';
import type { Engine, PanelFigure, PanelResult, PanelValues, Update } from './engine';
import { putSvg } from './picture';
import { defaultsOf, presetOf, sameValues, snippet } from './snippet';
import { dress } from './style';

export interface PanelOptions {
  /** what the controls show first; the defaults unless given */
  readonly values?: PanelValues;
  /** a picture that is there already; without one the panel asks for its first */
  readonly result?: PanelResult;
  /**
   * shows a result in the area of the picture; without it the result's SVG is put there. Never called for the next
   * result before this one's promise is settled, and then only for the latest
   */
  readonly draw?: (area: HTMLElement, result: PanelResult) => void | Promise<void>;
  /** told of every change of the values, by the reader or by `set` */
  readonly onValues?: (values: PanelValues) => void;
  /** told of every result that is shown */
  readonly onResult?: (result: PanelResult) => void;
  /** further buttons, put after the panel's own */
  readonly tools?: readonly HTMLElement[];
}

/** A figure's controls, picture and landmarks. */
export interface Panel {
  /** the values that the controls show */
  readonly values: PanelValues;
  /** what is in the picture */
  readonly result: PanelResult | undefined;
  /** where the picture is; a page may put a still one there before the first result */
  readonly area: HTMLElement;
  /**
   * Changes values as if the reader had; what is not given stays.
   * @throws {ParameterError} on a name or a value that is not allowed; then nothing changes
   */
  set(values: PanelValues): void;
  /** Shows values and a picture that came from elsewhere, without asking for a computation. */
  show(result: PanelResult): void;
  destroy(): void;
}

/** Work that takes less than this is not mentioned, in ms: words that come and go at every move disturb. */
const PATIENCE = 400;

/**
 * Makes the panel of a figure from its declaration, and puts it into an element.
 * @throws {ParameterError} if `options.values` are not allowed
 */
export function createPanel(root: HTMLElement, figure: PanelFigure, engine: Engine, options: PanelOptions = {}): Panel {
  dress(root.ownerDocument);
  const initial: PanelValues = parseValues(figure.id, figure.params, options.values ?? {});
  let values = initial;
  let result: PanelResult | undefined;
  let alive = true;

  const controls = new Map<string, Control>();
  const presets = presetsOf(figure, (chosen) => change(chosen));
  const change = (chosen: PanelValues): void => {
    values = Object.freeze({ ...values, ...chosen });
    showValues();
    options.onValues?.(values);
    ask();
  };
  const showValues = (): void => {
    for (const [name, control] of controls) control.show(values[name]!);
    presets?.show(values);
  };
  for (const [name, parameter] of Object.entries(figure.params))
    controls.set(
      name,
      controlOf(name, parameter, (value: Value) => change({ [name]: value })),
    );

  const ask = (): void => {
    status.asked();
    engine.request(values);
  };
  const status = new Status(() => engine.stop(), ask);
  const code = codeButton(() => snippet(figure, values));
  const reset = element('button', { type: 'button', textContent: 'Reset' });
  reset.addEventListener('click', () => change(initial));
  const area = element('div', { className: 'lab-panel-picture' });
  const landmarks = element(
    'ul',
    { className: 'lab-panel-landmarks' },
    { 'aria-live': 'polite', 'aria-label': 'Landmarks' },
  );

  const screen = new Screen(area, options.draw ?? drawSvg, (shown) => {
    result = shown;
    landmarks.replaceChildren(...shown.landmarks.map((l) => landmarkItem(l.pass, landmarkText(l))));
    options.onResult?.(shown);
  });
  const failed = (error: unknown): void => status.update({ kind: 'error', message: wordsOf(error) });

  engine.listen((update) => {
    if (!alive) return;
    if (update.kind === 'result') {
      void screen.show(update.result).catch(failed);
    }
    status.update(update);
  });

  const form = element(
    'div',
    { className: 'lab-panel-controls' },
    {},
    [...controls.values()].map(({ node }) => node),
  );
  const tools = element('div', { className: 'lab-panel-tools' }, {}, [
    ...(presets ? [presets.node] : []),
    ...(controls.size > 0 ? [reset] : []),
    code.button,
    ...(options.tools ?? []),
    status.node,
  ]);
  const panel = element(
    'div',
    { className: 'lab-panel' },
    { role: 'group', 'aria-label': `Controls of ${figure.title}` },
    [form, tools, code.shown, status.error, area, landmarks],
  );
  root.append(panel);
  showValues();
  if (options.result) void screen.show(options.result).catch(failed);
  else ask();

  return {
    get values() {
      return values;
    },
    get result() {
      return result;
    },
    area,
    set(given) {
      const checked: PanelValues = parseValues(figure.id, figure.params, { ...values, ...given });
      if (!sameValues(values, checked)) change(checked);
    },
    show(other) {
      values = other.values;
      showValues();
      void screen.show(other).catch(failed);
    },
    destroy() {
      alive = false;
      status.end();
      panel.remove();
    },
  };
}

function drawSvg(area: HTMLElement, { svg }: PanelResult): void {
  if (svg !== undefined) putSvg(area, svg);
}

/** Shows results one after the other; of those that come while one is being drawn, only the latest. */
class Screen {
  #waiting: PanelResult | undefined;
  #drawing = false;

  constructor(
    private readonly area: HTMLElement,
    private readonly draw: NonNullable<PanelOptions['draw']>,
    private readonly shown: (result: PanelResult) => void,
  ) {}

  async show(result: PanelResult): Promise<void> {
    this.#waiting = result;
    if (this.#drawing) return;
    this.#drawing = true;
    try {
      while (this.#waiting) {
        const next: PanelResult = this.#waiting;
        this.#waiting = undefined;
        const drawn = this.draw(this.area, next);
        if (drawn) await drawn;
        this.shown(next);
      }
    } finally {
      this.#drawing = false;
    }
  }
}

/** Progress with its stop button, what went wrong, and a button to compute what was not computed. */
class Status {
  readonly node: HTMLElement;
  readonly error = element('p', { className: 'lab-panel-error', hidden: true }, { role: 'alert' });
  readonly #bar = element('progress', { max: 1 }, { 'aria-label': 'progress' });
  readonly #words = element('span', {}, { role: 'status' });
  readonly #stop = element('button', { type: 'button', textContent: 'Stop' });
  readonly #again = element('button', { type: 'button', textContent: 'Compute' });
  #timer: ReturnType<typeof setTimeout> | undefined;
  #started = false;

  constructor(stop: () => void, again: () => void) {
    this.#stop.addEventListener('click', stop);
    this.#again.addEventListener('click', again);
    const parts = [this.#bar, this.#words, this.#stop, this.#again];
    this.node = element('div', { className: 'lab-panel-status' }, {}, parts);
    this.#show(false);
  }

  /** A computation was asked for: after a while the reader is told that it goes on. */
  asked(): void {
    this.#timer ??= setTimeout(() => {
      this.#bar.removeAttribute('value');
      this.#show(true, this.#started ? 'computing' : 'waiting to be computed');
    }, PATIENCE);
  }

  update(update: Update): void {
    switch (update.kind) {
      case 'started':
        this.#started = true;
        if (!this.#bar.hidden) setText(this.#words, 'computing');
        this.#fail('');
        this.asked();
        return;
      case 'progress': {
        this.#bar.value = update.fraction;
        const percent = `${Math.floor(100 * update.fraction)} %`;
        if (!this.#bar.hidden) setText(this.#words, update.note ? `${percent}, ${update.note}` : percent);
        return;
      }
      case 'result':
        this.#fail('');
        this.#over('');
        return;
      case 'stopped':
        this.#over('Stopped. The picture still shows the values before.');
        this.#again.hidden = false;
        return;
      case 'error':
        this.#over('');
        this.#again.hidden = false;
        this.#fail(update.message);
    }
  }

  end(): void {
    clearTimeout(this.#timer);
  }

  #over(words: string): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#started = false;
    this.#show(false, words);
  }

  #show(working: boolean, words = ''): void {
    this.#bar.hidden = this.#stop.hidden = !working;
    this.#again.hidden = true;
    setText(this.#words, words);
  }

  #fail(message: string): void {
    this.error.hidden = message === '';
    setText(this.error, message);
  }
}

/** A landmark with a sign and words, so that nothing hangs on colour. */
function landmarkItem(pass: boolean, text: string): HTMLElement {
  const words = `${pass ? '✓' : '✗'} ${text}`;
  return element('li', {}, {}, [pass ? words : element('strong', { textContent: words })]);
}

/** A list of the figure's named settings; it shows which one the values are. */
function presetsOf(
  figure: PanelFigure,
  choose: (values: PanelValues) => void,
): { node: HTMLElement; show: (values: PanelValues) => void } | undefined {
  const names = Object.keys(figure.presets);
  if (names.length === 0) return undefined;
  const settings = new Map([
    ['defaults', defaultsOf(figure)],
    ...names.map((name) => [name, presetOf(figure, name)] as const),
  ]);
  const own = element('option', { value: '', textContent: 'own values', hidden: true });
  const options = [...settings.keys()].map((name) => element('option', { value: name, textContent: name }));
  const select = element('select', { id: newId() }, {}, [own, ...options]);
  select.addEventListener('change', () => {
    const chosen = settings.get(select.value);
    if (chosen) choose(chosen);
  });
  return {
    node: element('label', { htmlFor: select.id }, {}, ['Preset', select]),
    show(values) {
      select.value = [...settings].find(([, set]) => sameValues(set, values))?.[0] ?? '';
    },
  };
}

/** Copies the code of the present values; where the clipboard is closed it shows the code, ready to be copied. */
function codeButton(text: () => string): { button: HTMLElement; shown: HTMLElement } {
  const shown = element('pre', { className: 'lab-panel-code', hidden: true, tabIndex: 0 }, { 'aria-label': 'Code' });
  const button = element('button', { type: 'button', textContent: 'Copy as TypeScript' });
  button.title = 'Code for a notebook that shows the figure with these values';
  const copied = (): void => {
    button.textContent = 'Copied';
    setTimeout(() => (button.textContent = 'Copy as TypeScript'), 1500);
  };
  const reveal = (code: string): void => {
    shown.textContent = code;
    shown.hidden = false;
    shown.focus();
  };
  button.addEventListener('click', () => {
    const code = text();
    shown.hidden = true;
    const { clipboard } = navigator as { clipboard?: Clipboard };
    if (clipboard) void clipboard.writeText(code).then(copied, () => reveal(code));
    else reveal(code);
  });
  return { button, shown };
}

const wordsOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
