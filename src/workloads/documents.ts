/** The JSON documents of the workloads: orders of a made-up shop. */
import type { Random } from '../stats/random.js';

interface Line {
  sku: string;
  title: string;
  quantity: number;
  cents: number;
  tags: string[];
}

export interface Order {
  id: number;
  customer: { name: string; city: string; since: string };
  lines: Line[];
}

interface Summary {
  id: number;
  customer: string;
  total: number;
  bySku: Record<string, { quantity: number; cents: number }>;
  tags: [string, number][];
}

const WORDS =
  'amber birch copper dune ember fjord grove haze iris jade kelp loam moss nectar opal'.split(' ');

/** An order of `least` to `most` lines, about 200 bytes each. */
export function documentText(random: Random, least: number, most: number): string {
  const words = (count: number): string =>
    Array.from({ length: count }, () => random.pick(WORDS)).join(' ');
  const order: Order = {
    id: random.int(1, 1e9),
    customer: {
      name: words(2),
      city: words(1),
      since: new Date(random.int(0, 2e9) * 1000).toISOString(),
    },
    lines: Array.from({ length: random.int(least, most) }, () => ({
      sku: `sku-${random.int(1, 30)}`,
      title: words(8),
      quantity: random.int(1, 9),
      cents: random.int(100, 99999),
      tags: Array.from({ length: random.int(1, 6) }, () => random.pick(WORDS)),
    })),
  };
  return JSON.stringify(order);
}

/** Sums up an order: totals by article, tags by frequency. */
export function transform(order: Order): Summary {
  const bySku: Summary['bySku'] = {};
  const tags = new Map<string, number>();
  let total = 0;
  for (const { sku, quantity, cents, tags: own } of order.lines) {
    const sum = (bySku[sku] ??= { quantity: 0, cents: 0 });
    sum.quantity += quantity;
    sum.cents += quantity * cents;
    total += quantity * cents;
    for (const tag of own) tags.set(tag, (tags.get(tag) ?? 0) + 1);
  }
  const byFrequency = [...tags].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1));
  const { name, city } = order.customer;
  return {
    id: order.id,
    customer: `${name.toUpperCase()}, ${city}`,
    total,
    bySku,
    tags: byFrequency,
  };
}
