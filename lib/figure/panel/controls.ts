/// <reference lib="dom" preserve="true" />
import { ParameterError } from '../../math/errors';
import {
  type ChoiceParameter,
  formatValue,
  type IntegerParameter,
  type NumberParameter,
  type Parameter,
  parseText,
  type Value,
} from '../parameters';
import { element, newId } from './element';
import { gridOf, stopOf } from './grid';

/** What the reader moves for one parameter. */
export interface Control {
  /** its row in the panel */
  readonly node: HTMLElement;
  /** Shows a value, and takes back what was said of a wrong one. */
  show(value: Value): void;
}

/** How a control tells that its reader chose a value. */
type Choose = (value: Value) => void;

/** Up to so many names stand side by side; more are a list to choose from. */
const MOST_RADIOS = 4;
const MOST_RADIO_LETTERS = 48;

/** The control of a parameter, made from its declaration. */
export function controlOf(name: string, parameter: Parameter, choose: Choose): Control {
  switch (parameter.kind) {
    case 'flag':
      return switchOf(name, parameter, choose);
    case 'choice':
      return parameter.values.length <= MOST_RADIOS && parameter.values.join('').length <= MOST_RADIO_LETTERS
        ? radiosOf(name, parameter, choose)
        : selectOf(name, parameter, choose);
    case 'numbers':
      return textOf(name, parameter, choose);
    default:
      return name === 'seed' ? seedOf(name, parameter, choose) : sliderOf(name, parameter, choose);
  }
}

/** What a control is called: the words of its declaration, its unit, and its name in code. */
function caption(name: string, { doc, unit }: Parameter): (Node | string)[] {
  const words = `${doc}${unit ? ` (${unit})` : ''} `;
  return [words, element('code', { textContent: name })];
}

const labelFor = (id: string, name: string, parameter: Parameter): HTMLElement =>
  element('label', { htmlFor: id, className: 'lab-panel-label' }, {}, caption(name, parameter));

const row = (kind: string, ...children: Node[]): HTMLElement =>
  element('div', { className: `lab-panel-row lab-panel-${kind}` }, {}, children);

/** A field for text, with room under it for what is wrong with the text. */
interface Field {
  readonly input: HTMLInputElement;
  readonly complaint: HTMLElement;
  show(value: Value): void;
}

function fieldOf(name: string, parameter: Parameter, choose: Choose): Field {
  const id = newId();
  const input = element('input', { type: 'text', id, name, autocomplete: 'off', spellcheck: false });
  const complaint = element(
    'p',
    { className: 'lab-panel-complaint', id: `${id}-complaint`, hidden: true },
    { role: 'alert' },
  );
  const say = (words: string): void => {
    complaint.hidden = words === '';
    complaint.textContent = words;
    input.setAttribute('aria-invalid', String(words !== ''));
    if (words) input.setAttribute('aria-describedby', complaint.id);
    else input.removeAttribute('aria-describedby');
  };
  input.addEventListener('change', () => {
    try {
      choose(parseText('', name, parameter, input.value));
      say('');
    } catch (error) {
      if (!(error instanceof ParameterError)) throw error;
      say(error.message.replace(/^: /, ''));
    }
  });
  const show = (value: Value): void => {
    const text = formatValue(value);
    if (input.value !== text) input.value = text;
    say('');
  };
  return { input, complaint, show };
}

function sliderOf(name: string, p: NumberParameter | IntegerParameter, choose: Choose): Control {
  const grid = gridOf(p);
  const field = fieldOf(name, p, choose);
  field.input.inputMode = 'decimal';
  field.input.setAttribute('aria-label', `${p.doc}, as a number`);
  const slider = element('input', { type: 'range', id: newId(), name: `${name}-slider` });
  slider.min = '0';
  slider.max = String(grid.length - 1);
  slider.step = '1';
  slider.title = `${p.min} to ${p.max}${p.unit ? ` ${p.unit}` : ''}${p.scale === 'log' ? ', by factors' : ''}`;
  const put = (value: number): void => {
    slider.value = String(stopOf(p, grid, value));
    slider.setAttribute('aria-valuetext', `${value}${p.unit ? ` ${p.unit}` : ''}`);
  };
  slider.addEventListener('input', () => {
    const value = grid[Number(slider.value)]!;
    slider.setAttribute('aria-valuetext', `${value}${p.unit ? ` ${p.unit}` : ''}`);
    field.show(value);
    choose(value);
  });
  return {
    node: row('slider', labelFor(slider.id, name, p), slider, field.input, field.complaint),
    show(value) {
      put(value as number);
      field.show(value);
    },
  };
}

function seedOf(name: string, p: NumberParameter | IntegerParameter, choose: Choose): Control {
  const field = fieldOf(name, p, choose);
  field.input.inputMode = 'numeric';
  const button = element('button', { type: 'button', textContent: 'New seed' });
  button.addEventListener('click', () => {
    // short ones are easier to remember and to pass on; this is the choice of a seed, not a draw of a model
    const most = Math.min(p.max, p.min + 99_999);
    choose(p.min + Math.floor(Math.random() * (most - p.min + 1)));
  });
  return {
    node: row('seed', labelFor(field.input.id, name, p), field.input, button, field.complaint),
    show: field.show,
  };
}

function textOf(name: string, p: Parameter, choose: Choose): Control {
  const field = fieldOf(name, p, choose);
  const hint = 'numbers with commas, or from:to:count';
  field.input.title = hint;
  field.input.placeholder = hint;
  return { node: row('text', labelFor(field.input.id, name, p), field.input, field.complaint), show: field.show };
}

function switchOf(name: string, p: Parameter, choose: Choose): Control {
  const input = element('input', { type: 'checkbox', id: newId(), name }, { role: 'switch' });
  input.addEventListener('change', () => choose(input.checked));
  return {
    node: row('switch', labelFor(input.id, name, p), input),
    show(value) {
      input.checked = value === true;
    },
  };
}

function selectOf(name: string, p: ChoiceParameter, choose: Choose): Control {
  const options = p.values.map((value) => element('option', { value, textContent: value }));
  const select = element('select', { id: newId(), name }, {}, options);
  select.addEventListener('change', () => choose(select.value));
  return {
    node: row('select', labelFor(select.id, name, p), select),
    show(value) {
      select.value = String(value);
    },
  };
}

function radiosOf(name: string, p: ChoiceParameter, choose: Choose): Control {
  const group = newId();
  const inputs = p.values.map((value) => element('input', { type: 'radio', name: group, value, id: newId() }));
  for (const input of inputs) input.addEventListener('change', () => choose(input.value));
  const labels = inputs.map((input) => element('label', { htmlFor: input.id }, {}, [input, ` ${input.value}`]));
  const title = element('span', { id: `${group}-name`, className: 'lab-panel-label' }, {}, caption(name, p));
  const radios = element(
    'span',
    { className: 'lab-panel-choices' },
    { role: 'radiogroup', 'aria-labelledby': title.id },
    labels,
  );
  return {
    node: row('radios', title, radios),
    show(value) {
      for (const input of inputs) input.checked = input.value === value;
    },
  };
}
