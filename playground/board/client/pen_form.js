/** Points added by numbers: a row of fields under the title of the picture, while a class is chosen. */
import { find } from './elements.js';

export class PenForm {
  /**
   * @param {HTMLElement} panel The `data-view` section.
   * @param {(x: number, y: number) => void} add
   */
  constructor(panel, add) {
    this.add = add;
    this.root = find(panel, '.pen-form', HTMLFormElement);
    this.root.noValidate = true; // it says itself what is wrong, in the page's language
    this.fields = [...this.root.querySelectorAll('input')];
    this.said = find(this.root, 'output', HTMLOutputElement);
    this.isWaiting = false; // for the run with the new point
    /** @type {[string, [number, number]][]} what each field is called, and its limits */
    this.axes = [];
    this.root.onsubmit = (event) => {
      event.preventDefault();
      this.submit();
    };
  }

  /** @param {import('./message.js').Start} start */
  begin({ axes, plane, figures }) {
    this.axes = axes.map((name, i) => [name, plane[i]]);
    this.fields.forEach((field, i) => {
      find(/** @type {HTMLElement} */ (field.parentElement), 'span', HTMLElement).textContent = axes[i];
      [field.min, field.max] = plane[i].map(String);
    });
    if (!this.isWaiting) return;
    this.isWaiting = false;
    const points = figures.region.data.slice(0, 2).reduce((sum, { x }) => sum + x.length, 0);
    this.said.textContent = `Added: ${points} points now.`;
  }

  /** @param {boolean} isShown Whether there is a class that a point would be of. */
  show(isShown) {
    this.root.hidden = !isShown;
    if (!isShown) this.said.textContent = '';
  }

  /** Add the point whose numbers are written, or say why it can't be. */
  submit() {
    const wrong = this.fields.map((field, i) => {
      const [name, [low, high]] = this.axes[i];
      const value = field.valueAsNumber;
      const isFine = value >= low && value <= high;
      field.setAttribute('aria-invalid', String(!isFine));
      return isFine ? '' : `${name} must be a number from ${short(low)} to ${short(high)}, got ${field.value || 'nothing'}`;
    });
    this.said.textContent = wrong.filter(Boolean).join('; ');
    const first = wrong.findIndex(Boolean);
    this.fields[Math.max(first, 0)].focus();
    this.fields[Math.max(first, 0)].select();
    if (first >= 0) return;
    this.isWaiting = true;
    const [x, y] = this.fields.map((field) => field.valueAsNumber);
    this.add(x, y);
  }
}

/** @param {number} value */
function short(value) {
  return String(Number(value.toFixed(3))).replace('-', '−');
}
