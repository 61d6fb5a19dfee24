/**
 * Maps scroll positions onto rows when all rows together are taller than a browser lets an element be.
 *
 * Near both ends one scrolled pixel is one pixel of rows, so that the first and last rows are reached exactly;
 * between them a pixel of the scroll bar stands for more. Small movements are applied one to one everywhere
 * (`follow`), only jumps of the thumb use the scale.
 */
export class ScrollScale {
  /** Chromium and WebKit stop at 2^25 device pixels; this stays below it at 400 % zoom. */
  static readonly MAX_HEIGHT = 8_000_000;
  static readonly EXACT_ENDS = 500_000;

  /** Height of the scrolled element, px. */
  readonly height: number;
  private readonly contentRange: number;
  private readonly scrollRange: number;
  private readonly end: number;

  constructor(
    /** Height of all rows, px. */
    contentHeight: number,
    /** Visible height, px. */
    viewHeight: number,
    max: number = ScrollScale.MAX_HEIGHT,
    exactEnds: number = ScrollScale.EXACT_ENDS,
  ) {
    this.height = Math.min(contentHeight, max);
    this.contentRange = Math.max(0, contentHeight - viewHeight);
    this.scrollRange = Math.max(0, this.height - viewHeight);
    this.end = Math.min(exactEnds, this.scrollRange / 2);
  }

  /** Largest top of the content, px. */
  get maxTop(): number {
    return this.contentRange;
  }

  get exact(): boolean {
    return this.contentRange === this.scrollRange;
  }

  /** Content top for a scroll position. */
  toContent(scroll: number): number {
    const at = clamp(scroll, 0, this.scrollRange);
    if (this.exact || at <= this.end) return at;
    if (at >= this.scrollRange - this.end) return this.contentRange - (this.scrollRange - at);
    return this.end + (at - this.end) * this.slope;
  }

  /** Scroll position for a content top. */
  toScroll(top: number): number {
    const at = clamp(top, 0, this.contentRange);
    if (this.exact || at <= this.end) return at;
    if (at >= this.contentRange - this.end) return this.scrollRange - (this.contentRange - at);
    return this.end + (at - this.end) / this.slope;
  }

  /** Content top after the scroll position moved from `before` to `after` while `top` was shown. */
  follow(top: number, before: number, after: number, viewHeight: number): number {
    const delta = after - before;
    const atAnEnd = after <= 0 || after >= this.scrollRange;
    if (this.exact || atAnEnd || Math.abs(delta) > viewHeight) return this.toContent(after);
    return clamp(top + delta, 0, this.contentRange);
  }

  private get slope(): number {
    const middle = this.scrollRange - 2 * this.end;
    return middle <= 0 ? 1 : (this.contentRange - 2 * this.end) / middle;
  }
}

function clamp(value: number, low: number, high: number): number {
  return Math.min(Math.max(value, low), high);
}
