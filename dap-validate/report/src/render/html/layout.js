"use strict";
// Who holds an element, and where: the layout as `plot::Figure` writes it in numbers.
// Formulas are those of spec/protocol.md; the tests in a browser hold them against `dap-validate map`.
const modulo = (a, b) => ((a % b) + b) % b;
const tuple = (list) => `(${list.join(", ")}${list.length === 1 ? "," : ""})`;
const within = (ranges, rank) => ranges.some(([first, last]) => first <= rank && rank <= last);
const span = ([first, last]) => (first === last ? String(first) : `${first} to ${last}`);

// Along one dimension: who owns an index, and where in the buffer; who else has a copy in communication padding.
const along = {
  block: {
    owners: (dim, index) => dim.parts.flatMap(({ at, count, start, width, lo, only }) => {
      const k = width > 0 ? Math.floor((index - start) / width) : -1;
      return 0 <= k && k < count ? [{ at: at + k, local: index - start - k * width + lo, only }] : [];
    }),
    copies: (dim, index) => (dim.wraps ? [0, -dim.size, dim.size] : [0]).flatMap((turn) => dim.parts.flatMap((run) => {
      const { at, count, start, width, lo, hi, only } = run;
      const there = index + turn;
      const found = [];
      if (lo + hi === 0) return found;
      const first = width > 0 ? Math.max(0, Math.floor((there - start - width - hi) / width)) : 0;
      for (let k = first; k < Math.min(count, first + 64); k++) {
        const begin = start + k * width;
        if (begin - lo > there) break;
        const owned = begin <= there && there < begin + width;
        if (!owned && there < begin + width + hi) found.push({ at: at + k, local: there - begin + lo, only, copy: true });
      }
      return found;
    })),
    index: (dim, local, part) => {
      const begin = part.start + part.k * part.width;
      const index = begin - part.lo + local;
      const copy = index < begin || index >= begin + part.width;
      return { index: copy && dim.wraps ? modulo(index, dim.size) : index, copy };
    },
  },
  cyclic: {
    owners: (dim, index) => dim.parts.flatMap(({ at, count, start, block, only }) => {
      const turn = block * dim.grid;
      const within = modulo(index, turn) - start;
      const k = Math.floor(within / block);
      const local = Math.floor(index / turn) * block + within - k * block;
      return 0 <= k && k < count ? [{ at: at + k, local, only }] : [];
    }),
    copies: () => [],
    index: (dim, local, { start, k, block }) => ({
      index: start + k * block + Math.floor(local / block) * block * dim.grid + (local % block),
    }),
  },
  list: {
    owners: (dim, index) => dim.holders.get(index) ?? [],
    copies: () => [],
    index: (dim, local, { indices }) => ({ index: indices[local] }),
  },
};

const prepare = (dim) => {
  if (!dim) return null;
  if (dim.kind === "list") {
    dim.holders = new Map();
    for (const { at, indices, only } of dim.parts) {
      indices.forEach((index, local) => {
        if (!dim.holders.has(index)) dim.holders.set(index, []);
        dim.holders.get(index).push({ at, local, only });
      });
    }
    dim.labels = [...dim.holders.keys()].sort((a, b) => a - b);
  }
  return dim;
};

class Layout {
  constructor({ dims, state, present, strays }) {
    Object.assign(this, { dims: dims.map(prepare), state, present, strays });
    this.known = this.dims.every(Boolean);
  }

  // The ranks at a place of the grid: one, unless something is wrong.
  ranks(coordinates) {
    const place = coordinates.reduce((place, at, dim) => place * this.dims[dim].grid + at, 0);
    if (!this.present) return [place];
    const strays = this.strays.filter(([, there]) => there === place).map(([rank]) => rank);
    const misplaced = this.strays.some(([rank]) => rank === place);
    return within(this.present, place) && !misplaced ? [place, ...strays] : strays;
  }

  // Every combination of one holder a dimension, as ranks.
  combine(choices) {
    const all = choices.reduce((found, list) => found.flatMap((some) => list.map((one) => [...some, one])).slice(0, 512), [[]]);
    return all.flatMap((chosen) => {
      const grid = chosen.map(({ at }) => at);
      const local = chosen.map(({ local }) => local);
      const copy = chosen.some(({ copy }) => copy);
      const says = (rank) => chosen.every(({ only }) => !only || within(only, rank));
      return this.ranks(grid).filter(says).map((rank) => ({ rank, grid, local, copy }));
    });
  }

  owners(indices) {
    return this.combine(this.dims.map((dim, d) => along[dim.kind].owners(dim, indices[d])));
  }

  copies(indices) {
    const both = this.dims.map((dim, d) => [...along[dim.kind].owners(dim, indices[d]), ...along[dim.kind].copies(dim, indices[d])]);
    return this.combine(both).filter(({ copy }) => copy);
  }

  // Whether padding at the array's outer ends, and what it repeats in a periodic dimension.
  boundary(indices) {
    const is = (dim, index) => dim.kind === "block" && (index < dim.boundary[0] || index >= dim.size - dim.boundary[1]);
    const padded = this.dims.some((dim, d) => is(dim, indices[d]));
    const repeats = indices.map((index, d) => {
      const { size, periodic, boundary: [lower, upper] } = { boundary: [0, 0], ...this.dims[d] };
      const core = size - lower - upper;
      return periodic && core > 0 && is(this.dims[d], index) ? lower + modulo(index - lower, core) : index;
    });
    return { padded, repeats: repeats.some((index, d) => index !== indices[d]) ? repeats : null };
  }

  // One element of the array.
  element(indices) {
    const owners = this.owners(indices);
    const what = `Global ${tuple(indices)}`;
    const names = owners.map(place);
    if (owners.length === 0) return `${what}: ${this.nobody(indices)}`;
    if (indices.some((index, d) => this.dims[d].kind !== "list" && index >= this.dims[d].size)) {
      return `${what}: beyond the array's size, but claimed by ${names.join(" and by ")}.`;
    }
    const shared = this.dims.some(({ shares }) => shares);
    if (owners.length > 1 && !shared) return `${what}: owned by several: ${names.join(" and ")}.`;
    const { padded, repeats } = this.boundary(indices);
    let said = `${what}: ${names[0]}, ${padded ? "owned, boundary padding" : "owned"}.`;
    if (repeats) said += ` Periodic: repeats global ${tuple(repeats)}${this.of(repeats)}.`;
    const also = [...names.slice(1), ...this.copies(indices).map((copy) => `${place(copy)}, communication padding`)];
    if (also.length > 0) said += ` Also at ${also.slice(0, 8).join("; ")}${also.length > 8 ? "; and more" : ""}.`;
    return said;
  }

  of(indices) {
    const [owner] = this.owners(indices);
    return owner ? `, which rank ${owner.rank} owns at local ${tuple(owner.local)}` : "";
  }

  nobody(indices) {
    if (this.state === "partial") return "not known: some ranks are missing.";
    const grid = this.dims.map((dim, d) => along[dim.kind].owners(dim, indices[d])[0]?.at);
    if (grid.some((at) => at === undefined) || this.ranks(grid).length > 0) return "no rank owns this.";
    return `the rank at grid ${tuple(grid)} is missing.`;
  }

  // A block of elements, as ranges of positions along each dimension.
  block(ranges, indices) {
    const what = `Global (${indices.map(span).join(", ")}${indices.length === 1 ? "," : ""})`;
    const parts = this.dims.map((dim, d) => stretch(dim, indices[d], ranges[d]));
    if (parts.some((part) => !part)) return `${what}: not all of it is owned by one rank each.`;
    const count = parts.reduce((product, { count }) => product * count, 1);
    const corner = (end) => {
      const grid = parts.map((part) => part[end].at);
      const [rank] = this.ranks(grid);
      return rank === undefined ? `grid ${tuple(grid)}` : `rank ${rank}, grid ${tuple(grid)}`;
    };
    if (count > 1) return `${what}: ${count} ranks, from ${corner("first")}, to ${corner("last")}.`;
    const local = parts.map(({ first, last }) => span([first.local, last.local]));
    return `${what}: ${corner("first")}, local (${local.join(", ")}${local.length === 1 ? "," : ""}), owned.`;
  }

  // One element of a buffer.
  stored(rank, grid, locals) {
    const found = this.dims.map((dim, d) => {
      const part = partOf(dim, grid[d], rank);
      return part && along[dim.kind].index(dim, locals[d], part);
    });
    const who = `Rank ${rank}, grid ${tuple(grid)}, local ${tuple(locals)}`;
    if (found.some((one) => one?.index === undefined)) return who;
    const indices = found.map(({ index }) => index);
    if (found.some(({ copy }) => copy)) return `${who}: communication padding, a copy of global ${tuple(indices)}${this.of(indices)}.`;
    const { padded, repeats } = this.boundary(indices);
    const again = repeats ? ` Periodic: repeats global ${tuple(repeats)}${this.of(repeats)}.` : "";
    return `${who}: global ${tuple(indices)}, ${padded ? "owned, boundary padding" : "owned"}.${again}`;
  }
}

const place = ({ rank, grid, local }) => `rank ${rank}, grid ${tuple(grid)}, local ${tuple(local)}`;

const partOf = (dim, at, rank) => {
  const part = dim.parts.find((part) =>
    part.at <= at && at < part.at + (part.count ?? 1) && (!part.only || within(part.only, rank)));
  return part && { ...part, k: at - part.at };
};

// The first and the last holder of a range of indices, and how many there are; nothing where some have none or several.
const stretch = (dim, [from, to], [first, last]) => {
  const alone = (index) => {
    const owners = along[dim.kind].owners(dim, index);
    return owners.length === 1 || (owners.length > 0 && dim.shares) ? owners[0] : null;
  };
  const ends = { first: alone(from), last: alone(to) };
  if (!ends.first || !ends.last) return null;
  if (dim.kind === "block") return { ...ends, count: ends.last.at - ends.first.at + 1 };
  const at = new Map();
  const block = dim.kind === "cyclic" ? dim.parts[0].block : 1;
  const begin = Math.floor(first / block) * block;
  for (let position = begin; position <= last && at.size < dim.grid && position < begin + 4096 * block; position += block) {
    const owner = alone(dim.labels ? dim.labels[position] : Math.max(position, first));
    if (!owner) return null;
    at.set(owner.at, owner);
  }
  if (at.size === 1 && ends.last.local - ends.first.local === to - from) return { ...ends, count: 1 };
  const sorted = [...at.values()].sort((a, b) => a.at - b.at);
  return { first: sorted[0], last: sorted[sorted.length - 1], count: at.size };
};
