/** How the class joins, for the projector: the code, the address and a QR code, large. */
import { Sheet } from '../sheet.js';
import { counted, make } from './make.js';

const QUIET = 4; // squares around a QR code that stay light, as the standard asks
const SVG = 'http://www.w3.org/2000/svg';
const OF_THIS_MACHINE = /^(localhost|127\.|\[::1\])/;
const ONLY_HERE =
  'Only this machine can open this address. Open the playground at the machine’s address in the network, ' +
  'and teach there: then others can join.';

export class Join {
  /** @param {HTMLElement} place */
  constructor(place) {
    this.sheet = new Sheet(place, 'Join the class');
    this.sheet.dialog.classList.add('class-join');
    this.code = make('p', { className: 'class-code' });
    this.address = make('p', { className: 'class-address' });
    this.joined = make('p', { className: 'class-joined' });
    this.joined.setAttribute('role', 'status');
    this.warning = make('p', { className: 'class-complaint', hidden: !OF_THIS_MACHINE.test(location.hostname), textContent: ONLY_HERE });
    this.picture = make('div', { className: 'class-qr' });
    const words = make('div', {}, this.code, this.address, this.joined, this.warning);
    this.sheet.content.append(words, this.picture);
  }

  /** Show it. @param {string} code @param {string} link */
  open(code, link) {
    this.code.textContent = code;
    this.address.textContent = link.replace(/^\w+:\/\//, '');
    this.sheet.open();
  }

  /** @param {number} here Students who are there. */
  count(here) {
    const words = `${counted(here, 'student')} joined`;
    if (this.joined.textContent !== words) this.joined.textContent = words;
  }

  /** Draw the QR code. @param {{link: string, modules: string[]}} qr Row by row; “1” is dark. */
  draw({ link, modules }) {
    const side = modules.length + 2 * QUIET;
    const svg = document.createElementNS(SVG, 'svg');
    svg.setAttribute('viewBox', `${-QUIET} ${-QUIET} ${side} ${side}`);
    svg.setAttribute('role', 'img');
    svg.setAttribute('aria-label', `QR code of ${link}`);
    const path = document.createElementNS(SVG, 'path');
    path.setAttribute('d', modules.map((row, y) => [...row].map((bit, x) => (bit === '1' ? `M${x} ${y}h1v1h-1z` : '')).join('')).join(''));
    svg.append(path);
    this.picture.replaceChildren(svg);
  }
}
