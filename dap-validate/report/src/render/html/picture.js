// Says what lies under the pointer, or under a cursor that the arrow keys move. Without this, the areas' titles speak.
// Pixels: rounded as the picture's were.
const edge = (position, length, pixels) => Math.floor((2 * position * pixels + length) / (2 * length));
const under = (pixel, length, pixels) => {
  const at = Math.min(Math.max(Math.floor(pixel), 0), pixels - 1);
  let first = Math.min(Math.floor((at * length) / pixels), length - 1);
  if (length > pixels) return [first, Math.max(first, Math.min(Math.ceil(((at + 1) * length) / pixels), length) - 1)];
  while (first > 0 && edge(first, length, pixels) > at) first--;
  while (first < length - 1 && edge(first + 1, length, pixels) <= at) first++;
  return [first, first];
};

const numbers = (text) => (text ? text.split(",").map(Number) : []);

// The whole array, a part of it drawn closer, or a buffer.
class View {
  constructor(group, layout, whole) {
    const data = group.dataset;
    this.layout = layout;
    this.buffer = group.classList.contains("buffer");
    this.box = numbers(data.box);
    this.dims = this.buffer ? whole.dims : numbers(data.dims);
    this.slice = this.buffer ? whole.slice : data.slice.split(",").map((part) => (part.trim() === ":" ? null : Number(part)));
    this.rank = Number(data.rank);
    this.grid = numbers(data.coordinates);
    const two = this.dims.length === 2;
    const shape = numbers(data.shape);
    const lengths = this.buffer ? (two ? shape : [1, shape[0] ?? 1]) : null;
    this.windows = this.buffer ? lengths.map((length) => [0, length]) : [numbers(data.rows), numbers(data.columns)];
  }

  // What is at a point of the picture: positions along what runs down and to the right, and the cell's bounds.
  at(x, y) {
    const [left, top, width, height] = this.box;
    if (x < left || y < top || x >= left + width || y >= top + height) return null;
    const [rows, columns] = this.windows;
    const across = under(x - left, columns[1] - columns[0], width);
    const down = under(y - top, rows[1] - rows[0], height);
    const bounds = ([first, last], window, pixels) =>
      [edge(first, window[1] - window[0], pixels), edge(last + 1, window[1] - window[0], pixels)];
    const [x0, x1] = bounds(across, columns, width);
    const [y0, y1] = bounds(down, rows, height);
    const shift = ([first, last], window) => [first + window[0], last + window[0]];
    return {
      down: shift(down, rows),
      across: shift(across, columns),
      cell: [left + x0, top + y0, Math.max(x1 - x0, 1), Math.max(y1 - y0, 1)],
    };
  }

  say({ down, across }) {
    if (!this.layout.known) return null;
    const drawn = this.dims.length === 2 ? [down, across] : [across];
    const ranges = this.layout.dims.map((dim, d) => {
      const at = this.dims.indexOf(d);
      return at < 0 ? null : drawn[at];
    });
    const one = ranges.every((range) => !range || range[0] === range[1]);
    if (this.buffer) {
      const fixed = (dim, d) => along[dim.kind].owners(dim, this.slice[d]).find(({ at }) => at === this.grid[d])?.local ?? 0;
      const locals = ranges.map((range, d) => (range ? range[0] : fixed(this.layout.dims[d], d)));
      const last = ranges.map((range, d) => (range ? range[1] : locals[d]));
      const first = this.layout.stored(this.rank, this.grid, locals);
      return one ? first : `${first} To: ${this.layout.stored(this.rank, this.grid, last)}`;
    }
    const index = (position, d) => this.layout.dims[d].labels?.[position] ?? position;
    const indices = ranges.map((range, d) => (range ? range.map((position) => index(position, d)) : [this.slice[d], this.slice[d]]));
    const positions = ranges.map((range, d) => range ?? indices[d]);
    return one ? this.layout.element(indices.map(([first]) => first)) : this.layout.block(positions, indices);
  }
}

class Picture {
  constructor(svg, layout, readout) {
    Object.assign(this, { svg, readout });
    const whole = svg.querySelector("g.global");
    if (!whole) return;
    const first = new View(whole, layout);
    const others = [...svg.querySelectorAll("g.detail, g.buffer")].map((group) => new View(group, layout, first));
    this.views = [first, ...others];
    this.titles();
    this.cursor = document.createElementNS(svg.namespaceURI, "rect");
    this.cursor.setAttribute("class", "cursor");
    svg.append(this.cursor);
    const move = (event) => {
      const point = new DOMPoint(event.clientX, event.clientY).matrixTransform(svg.getScreenCTM().inverse());
      this.show(point.x, point.y, event.target);
    };
    svg.addEventListener("pointermove", move);
    svg.addEventListener("pointerdown", move);
    svg.addEventListener("keydown", (event) => this.key(event));
  }

  // The pointer is answered below the picture, not by the browser's tips as well; who hears the page gets one name.
  titles() {
    for (const title of this.svg.querySelectorAll("title")) {
      if (title.parentNode !== this.svg) title.parentNode.dataset.title = title.textContent;
    }
    const name = this.svg.querySelector("title").textContent;
    this.svg.querySelectorAll("title").forEach((title) => title.remove());
    this.svg.setAttribute("role", "application");
    this.svg.setAttribute("aria-roledescription", "picture");
    this.svg.setAttribute("aria-label", `${name}. Arrow keys move over the cells, Enter goes to the next view.`);
    this.svg.setAttribute("tabindex", "0");
  }

  show(x, y, target) {
    for (const [at, view] of this.views.entries()) {
      const found = view.at(x, y);
      if (!found) continue;
      this.now = { at, found };
      const [left, top, width, height] = found.cell;
      // A single pixel would not be seen.
      const grow = (size) => Math.max(0, 6 - size);
      const bounds = [left - grow(width) / 2, top - grow(height) / 2, width + grow(width), height + grow(height)];
      bounds.forEach((value, k) => this.cursor.setAttribute(["x", "y", "width", "height"][k], value));
      this.readout.textContent = view.say(found) ?? this.title(found.cell, target) ?? "";
      return;
    }
  }

  // What an area says of itself, where the layout takes too many numbers.
  title([x, y, width, height], target) {
    const point = new DOMPoint(x + width / 2, y + height / 2).matrixTransform(this.svg.getScreenCTM());
    const elements = [target, ...document.elementsFromPoint(point.x, point.y)];
    return elements.find((element) => element?.dataset?.title)?.dataset.title;
  }

  key(event) {
    const steps = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
    const step = steps[event.key];
    const next = event.key === "Enter" || event.key === " ";
    if (!step && !next) return;
    event.preventDefault();
    if (!this.now || next) {
      const at = this.now ? (this.now.at + 1) % this.views.length : 0;
      const [x, y] = this.views[at].box;
      this.show(x, y, null);
      return;
    }
    const [x, y, width, height] = this.now.found.cell;
    // Cells too narrow to be told apart are passed over, some at a time.
    const far = (size) => Math.max(size, 6);
    const [left, top, wide, high] = this.views[this.now.at].box;
    const go = (from, size, by, begin, all) => {
      const to = by < 0 ? from - Math.max(1, far(size) - size + 1) : by > 0 ? from + far(size) : from;
      return Math.min(Math.max(to, begin), begin + all - 1);
    };
    this.show(go(x, width, step[0], left, wide), go(y, height, step[1], top, high), null);
  }
}

for (const array of document.querySelectorAll(".pictures")) {
  const layout = new Layout(JSON.parse(array.querySelector("script").textContent));
  for (const figure of array.querySelectorAll("figure")) {
    const readout = figure.querySelector(".readout");
    readout.textContent = "Point at a cell, or focus the picture and use the arrow keys.";
    new Picture(figure.querySelector("svg"), layout, readout);
  }
}
